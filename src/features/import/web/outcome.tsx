import { Button, Group, Progress, Stack } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ask, Box, Panel, tellRefused, useFormats, useLanguage, useModule, useWords } from "#ui/index.ts";
import { importKey, isAtWork, type Import } from "./import-shapes.ts";
import { importWords, stateWords } from "./import.words.ts";

export function Outcome({ one }: { one: Import }) {
  const sayState = useWords(stateWords);
  return (
    <Panel title={sayState[one.state]}>
      <Stack>{isAtWork(one) ? <AtWork one={one} /> : <Ended one={one} />}</Stack>
    </Panel>
  );
}

function AtWork({ one }: { one: Import }) {
  const say = useWords(importWords);
  const formats = useFormats();
  const progress = say.running(formats.number(one.done), formats.number(one.rows));
  return (
    <>
      <Progress.Root size="lg">
        <Progress.Section value={(one.done / Math.max(1, one.rows)) * 100} aria-label={progress} />
      </Progress.Root>
      <span role="status">{progress}</span>
      <span className="quiet">{say.leave}</span>
    </>
  );
}

function Ended({ one }: { one: Import }) {
  const say = useWords(importWords);
  const formats = useFormats();
  const module = useModule(one.module);
  if (one.state === "undone") return <span role="status">{say.undone}</span>;
  return (
    <>
      {one.state === "failed" ? (
        <Box tone="bad" role="alert">
          {say.failed} {one.error}
        </Box>
      ) : (
        <span role="status">
          {say.done(formats.number(one.created))}{" "}
          {one.refused > 0 && say.notTaken(formats.number(one.refused))}
        </span>
      )}
      <Group>
        {module && one.created > 0 && (
          <Button
            variant="filled"
            renderRoot={(props) => (
              <Link to="/$module" params={{ module: module.path }} search={{}} {...props} />
            )}
          >
            {say.show}
          </Button>
        )}
        {one.refused > 0 && (
          <Button component="a" download href={`/api/imports/${one.id}/report`}>
            {say.report}
          </Button>
        )}
        {one.state === "done" && one.created > 0 && <Undo one={one} />}
      </Group>
    </>
  );
}

function Undo({ one }: { one: Import }) {
  const say = useWords(importWords);
  const formats = useFormats();
  const language = useLanguage();
  const client = useQueryClient();
  const undo = useMutation({
    mutationFn: () => ask<Import>("POST", `/api/imports/${one.id}/undo`),
    onSuccess: (next) => client.setQueryData(importKey(one.id), next),
    onError: (error) => tellRefused(error, language),
  });
  return (
    <>
      <Button color="red" variant="light" loading={undo.isPending} onClick={() => undo.mutate()}>
        {say.undo}
      </Button>
      <span className="quiet">{say.undoHint(formats.number(one.created))}</span>
    </>
  );
}
