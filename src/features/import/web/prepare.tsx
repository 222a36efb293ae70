import { Button, Group } from "@mantine/core";
import { Box, Panel, useFormats, useWords } from "#ui/index.ts";
import { CheckResult } from "./check-result.tsx";
import { DialectForm } from "./dialect-form.tsx";
import { useTargets } from "./import-fields.ts";
import type { Import } from "./import-shapes.ts";
import { importWords } from "./import.words.ts";
import { MappingTable } from "./mapping-table.tsx";
import { Preview } from "./preview.tsx";
import { usePrepare } from "./use-prepare.ts";

/** Reading, mapping, trying out, and only then the import itself. */
export function Prepare({ one }: { one: Import }) {
  const say = useWords(importWords);
  const formats = useFormats();
  const prepare = usePrepare(one);
  const targets = useTargets(one.module);
  const mapped = new Set(Object.values(one.mapping));
  // The server fills in what it can (an opportunity's name), so only what its preview misses is needed.
  const complained = new Set(one.preview.flatMap(({ problems }) => problems.map(({ field }) => field)));
  const missing = targets.filter(
    ({ name, required }) => required && !mapped.has(name) && complained.has(name),
  );
  const { check } = prepare;
  return (
    <>
      <Panel title={say.reading}>
        <DialectForm dialect={one.dialect} onChange={(dialect) => prepare.change.mutate({ dialect })} />
      </Panel>
      <Panel title={say.columns}>
        <MappingTable
          one={one}
          targets={targets}
          onChange={(mapping) => prepare.change.mutate({ mapping })}
        />
      </Panel>
      {one.preview.length > 0 && (
        <Panel title={say.preview}>
          <Preview one={one} targets={targets} />
        </Panel>
      )}
      {missing.length > 0 && (
        <Box tone="warn">{say.missing(missing.map(({ label }) => label).join(", "))}</Box>
      )}
      {check && (
        <CheckResult
          check={check}
          one={one}
          targets={targets}
          busy={prepare.tryOut.isPending}
          onCorrect={(next) => void prepare.correct(next)}
        />
      )}
      <Group justify="flex-end">
        <Button
          variant={check ? "default" : "filled"}
          loading={prepare.tryOut.isPending || prepare.change.isPending}
          onClick={() => prepare.tryOut.mutate()}
        >
          {check ? say.checkAgain : say.check}
        </Button>
        {check && (
          <Button
            variant="filled"
            disabled={check.wouldCreate === 0}
            loading={prepare.run.isPending}
            onClick={() => prepare.run.mutate()}
          >
            {say.run(formats.number(check.wouldCreate))}
          </Button>
        )}
      </Group>
    </>
  );
}
