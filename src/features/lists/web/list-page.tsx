import { Button } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { Outlet, useNavigate, useParams } from "@tanstack/react-router";
import {
  Empty,
  Piece,
  Skeletons,
  useLanguage,
  useModule,
  useWords,
  type Filter,
  type Module,
} from "#ui/index.ts";
import { FilterBar } from "#features/filters/web/index.ts";
import { fieldNamed } from "#features/fields/web/index.ts";
import { useChosenView } from "./columns.ts";
import { Board, RecordTable } from "./lazy-parts.ts";
import { ListHead, type View } from "./list-head.tsx";
import { useListSearch } from "#features/address/web/index.ts";
import styles from "./lists.module.css";
import { listWords } from "./lists.words.ts";

export function ListPage() {
  const say = useWords(listWords);
  const { module: path } = useParams({ strict: false });
  const module = useModule(path ?? "");
  if (!module || module.path !== path) return <Empty>{say.unknownModule}</Empty>;
  return <ModuleList key={module.name} module={module} />;
}

function ModuleList({ module }: { module: Module }) {
  const { id: openId } = useParams({ strict: false });
  const search = useListSearch();
  const navigate = useNavigate();
  const narrow = useMediaQuery("(max-width: 1000px)");
  const view = useChosenView(module);
  const filterBy = (filter: Filter | undefined) =>
    void navigate({ to: ".", search: (now) => ({ ...now, filter }) });
  const covered = narrow === true && openId !== undefined;
  const asBoard = search.view === "board" && module.name === "opportunity";
  return (
    <>
      <ListHead module={module} view={view} covered={covered} />
      {!covered && <FilterRow module={module} filter={search.filter} sort={view.sort} onChange={filterBy} />}
      <div className={styles.split} data-open={openId !== undefined}>
        <div className={styles.body} inert={covered}>
          <Piece of={asBoard ? "board" : "list"} waiting={<Waiting />}>
            {asBoard ? (
              <Board module={module} filter={search.filter} openId={openId} />
            ) : (
              <Table module={module} view={view} openId={openId} onFilter={filterBy} />
            )}
          </Piece>
        </div>
        {openId && (
          <aside className={styles.pane}>
            <Outlet />
          </aside>
        )}
      </div>
    </>
  );
}

const Waiting = () => (
  <div style={{ padding: "0 18px" }}>
    <Skeletons rows={16} />
  </div>
);

type TableProps = {
  module: Module;
  view: View;
  openId: string | undefined;
  onFilter: (filter: Filter | undefined) => void;
};

function Table({ module, view, openId, onFilter }: TableProps) {
  const search = useListSearch();
  const navigate = useNavigate();
  const asked = { filter: search.filter, sort: view.sort };
  const open = (id: string, edit: boolean, replace: boolean) =>
    void navigate({
      to: "/$module/$id",
      params: { module: module.path, id },
      search: { ...search, edit: edit || undefined },
      replace,
    });
  if (view.isPending) return <Waiting />;
  return (
    <RecordTable
      key={JSON.stringify(asked)}
      module={module}
      fields={view.fields}
      asked={asked}
      openId={openId}
      onOpen={open}
      onSort={view.chooseSort}
      empty={
        <Nothing module={module} filtered={search.filter !== undefined} onClear={() => onFilter(undefined)} />
      }
    />
  );
}

type FilterProps = {
  module: Module;
  filter: Filter | undefined;
  sort: string;
  onChange: (filter: Filter | undefined) => void;
};

function FilterRow({ module, filter, sort, onChange }: FilterProps) {
  const say = useWords(listWords);
  const language = useLanguage();
  const board = useListSearch().view === "board";
  const field = fieldNamed(module, sort.replace(/^-/, ""));
  const order =
    field && `${field.words[language].toLowerCase()}${sort.startsWith("-") ? `, ${say.descending}` : ""}`;
  return (
    <FilterBar module={module} filter={filter} onChange={onChange}>
      {order && !board && <span className={`quiet ${styles.sorted}`}>{say.sortedBy(order)}</span>}
    </FilterBar>
  );
}

function Nothing({ module, filtered, onClear }: { module: Module; filtered: boolean; onClear: () => void }) {
  const say = useWords(listWords);
  const language = useLanguage();
  if (filtered)
    return <Empty action={<Button onClick={onClear}>{say.removeFilters}</Button>}>{say.nothingFound}</Empty>;
  return <Empty>{say.nothingYet(module.words[language].many.toLowerCase())}</Empty>;
}
