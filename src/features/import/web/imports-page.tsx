import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Empty, PageHead, Panel, PlainTable, Skeletons, Trouble, useFormats, useWords } from "#ui/index.ts";
import { useImportName } from "./import-fields.ts";
import { allImports, type Import } from "./import-shapes.ts";
import { importWords, stateWords } from "./import.words.ts";
import { Upload } from "./upload.tsx";

export function ImportsPage() {
  const say = useWords(importWords);
  const query = useQuery(allImports);
  return (
    <>
      <PageHead title={say.title} />
      <div className="page">
        <Stack maw={960}>
          <Upload />
          <Panel title={say.past}>
            {query.isPending && <Skeletons rows={4} />}
            {query.isError && <Trouble error={query.error} onRetry={() => void query.refetch()} />}
            {query.data?.length === 0 && <Empty>{say.nonePast}</Empty>}
            {query.data && query.data.length > 0 && (
              <PlainTable
                label={say.past}
                heads={[
                  say.file,
                  say.contents,
                  say.state,
                  say.rows,
                  say.taken,
                  say.refused,
                  say.by,
                  say.when,
                ]}
                numbers={[3, 4, 5]}
              >
                {query.data.map((one) => (
                  <PastImport key={one.id} one={one} />
                ))}
              </PlainTable>
            )}
          </Panel>
        </Stack>
      </div>
    </>
  );
}

function PastImport({ one }: { one: Import }) {
  const sayState = useWords(stateWords);
  const formats = useFormats();
  const what = useImportName(one.module);
  return (
    <tr>
      <td>
        <Link to="/import/$importId" params={{ importId: one.id }} style={{ color: "var(--accent)" }}>
          {one.fileName}
        </Link>
      </td>
      <td>{what}</td>
      <td>{sayState[one.state]}</td>
      <td className="number">{formats.number(one.rows)}</td>
      <td className="number">{formats.number(one.created)}</td>
      <td className="number">{formats.number(one.refused)}</td>
      <td>{one.by?.name}</td>
      <td className="quiet nowrap">{formats.instant(one.createdAt)}</td>
    </tr>
  );
}
