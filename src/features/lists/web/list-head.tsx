import { Button, SegmentedControl } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import {
  may,
  PageHead,
  Piece,
  useLanguage,
  useSession,
  useShortcuts,
  useWords,
  type Module,
} from "#ui/index.ts";
import { useListSearch } from "#features/address/web/index.ts";
import type { useChosenView } from "./columns.ts";
import { ColumnsMenu, ExportDialog } from "./lazy-parts.ts";
import { useListCount } from "./list-count.ts";
import { listWords } from "./lists.words.ts";

export type View = ReturnType<typeof useChosenView>;

export function ListHead({ module, view, covered }: { module: Module; view: View; covered: boolean }) {
  const say = useWords(listWords);
  const language = useLanguage();
  const session = useSession();
  const search = useListSearch();
  const navigate = useNavigate();
  const [isExporting, exporting] = useDisclosure();
  const count = useListCount(module, search.filter);
  const create = () =>
    void navigate({ to: ".", search: (now) => ({ ...now, create: { module: module.name } }) });
  const mayCreate = may(session, module.name, "create");
  useShortcuts({ n: create }, mayCreate);
  const { one, many } = module.words[language];
  if (covered) return null;
  return (
    <PageHead title={many} quiet={count}>
      {module.name === "opportunity" && <ViewSwitch />}
      {search.view !== "board" && (
        <Piece>
          <ColumnsMenu module={module} shown={view.fields} onChoose={view.chooseColumns} />
        </Piece>
      )}
      {may(session, module.name, "export") && !view.isPending && (
        <Button visibleFrom="sm" aria-haspopup="dialog" onClick={exporting.open}>
          {say.export}
        </Button>
      )}
      {mayCreate && (
        <Button
          variant="filled"
          onClick={create}
          aria-label={say.newOf(one.toLowerCase())}
          aria-keyshortcuts="n"
        >
          {say.new}
        </Button>
      )}
      {isExporting && (
        <Piece floating>
          <ExportDialog
            module={module}
            fields={view.fields}
            filter={search.filter}
            sort={view.sort}
            onClose={exporting.close}
          />
        </Piece>
      )}
    </PageHead>
  );
}

function ViewSwitch() {
  const say = useWords(listWords);
  const search = useListSearch();
  const navigate = useNavigate();
  return (
    <SegmentedControl
      size="xs"
      aria-label={say.view}
      value={search.view ?? "list"}
      onChange={(view) =>
        void navigate({
          to: ".",
          search: (now) => ({ ...now, view: view === "board" ? "board" : undefined }),
        })
      }
      data={[
        { value: "list", label: say.list },
        { value: "board", label: say.board },
      ]}
    />
  );
}
