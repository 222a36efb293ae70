import { Button, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { validate as isId } from "uuid";
import { ApiError, Empty, PageHead, Skeletons, Trouble, useWords } from "#ui/index.ts";
import { Prepare } from "./prepare.tsx";
import { useImportName } from "./import-fields.ts";
import { oneImport, type Import } from "./import-shapes.ts";
import { importWords } from "./import.words.ts";
import { Outcome } from "./outcome.tsx";

export function ImportPage() {
  const { importId = "" } = useParams({ strict: false });
  const say = useWords(importWords);
  const query = useQuery({ ...oneImport(importId), enabled: isId(importId) });
  const isGone = query.error instanceof ApiError && query.error.status === 404;
  if (!isId(importId) || isGone) return <Empty>{say.gone}</Empty>;
  if (query.isError && !query.data)
    return <Trouble error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data)
    return (
      <div className="page">
        <Skeletons rows={10} />
      </div>
    );
  return <OneImport one={query.data} />;
}

function OneImport({ one }: { one: Import }) {
  const say = useWords(importWords);
  const what = useImportName(one.module);
  return (
    <>
      <PageHead title={one.fileName} quiet={what}>
        <Button renderRoot={(props) => <Link to="/import" {...props} />}>{say.more}</Button>
      </PageHead>
      <div className="page">
        <Stack maw={1040}>
          {one.state === "mapping" ? <Prepare key={one.id} one={one} /> : <Outcome one={one} />}
        </Stack>
      </div>
    </>
  );
}
