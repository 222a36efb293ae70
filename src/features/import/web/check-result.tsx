import { Autocomplete, Button, Group } from "@mantine/core";
import { useState } from "react";
import { Box, Panel, PlainTable, useFormats, useWords } from "#ui/index.ts";
import type { Target } from "./import-fields.ts";
import type { Check, Corrections, Import } from "./import-shapes.ts";
import styles from "./import.module.css";
import { importWords } from "./import.words.ts";

type Props = {
  check: Check;
  one: Import;
  targets: Target[];
  busy: boolean;
  onCorrect: (corrections: Corrections) => void;
};

export function CheckResult({ check, one, targets, busy, onCorrect }: Props) {
  const say = useWords(importWords);
  const formats = useFormats();
  const labelOf = (field: string) => targets.find(({ name }) => name === field)?.label ?? field;
  return (
    <>
      <Box role="status" {...(check.refused > 0 && { tone: "warn" as const })}>
        <strong>{say.checked(formats.number(check.wouldCreate), formats.number(check.rows))}</strong>{" "}
        {check.refused > 0 && say.wouldRefuse(formats.number(check.refused))}
      </Box>
      {check.unmatched.length > 0 && (
        <SayOnce
          key={JSON.stringify(one.corrections)}
          check={check}
          one={one}
          labelOf={labelOf}
          busy={busy}
          onCorrect={onCorrect}
        />
      )}
      {check.problems.length > 0 && (
        <Panel title={say.problems}>
          <PlainTable label={say.problems} heads={[say.row, say.field, say.text, say.why]}>
            {check.problems.slice(0, 20).map(({ row, field, text, message }, index) => (
              <tr key={`${row}-${field}-${index}`}>
                <td>{row}</td>
                <td>{labelOf(field)}</td>
                <td>{text}</td>
                <td>{message}</td>
              </tr>
            ))}
          </PlainTable>
        </Panel>
      )}
    </>
  );
}

type SayOnceProps = Omit<Props, "targets"> & { labelOf: (field: string) => string };

/** One answer for every row that has the same unknown name. The likeliest is filled in already. */
function SayOnce({ check, one, labelOf, busy, onCorrect }: SayOnceProps) {
  const say = useWords(importWords);
  const formats = useFormats();
  const [answers, setAnswers] = useState<Corrections>(() => suggested(check));
  const put = (field: string, text: string, name: string) =>
    setAnswers({ ...answers, [field]: { ...answers[field], [text]: name } });
  return (
    <Panel title={say.sayOnce}>
      <p className="quiet" style={{ marginTop: 0 }}>
        {say.sayOnceHint}
      </p>
      {check.unmatched.map(({ field, text, rows, suggestions }) => (
        <div key={`${field} ${text}`} className={styles.correction}>
          <span>
            {labelOf(field)}: <strong>{text}</strong>{" "}
            <span className="quiet">{say.inRows(formats.number(rows))}</span>
          </span>
          <Autocomplete
            aria-label={say.means(text)}
            placeholder={say.means(text)}
            data={suggestions}
            value={answers[field]?.[text] ?? ""}
            onChange={(name) => put(field, text, name)}
          />
        </div>
      ))}
      <Group justify="flex-end" mt="sm">
        <Button variant="filled" loading={busy} onClick={() => onCorrect(merged(one.corrections, answers))}>
          {say.apply}
        </Button>
      </Group>
    </Panel>
  );
}

function suggested({ unmatched }: Check): Corrections {
  const answers: Corrections = {};
  for (const { field, text, suggestions } of unmatched) {
    const [first] = suggestions;
    if (first) answers[field] = { ...answers[field], [text]: first };
  }
  return answers;
}

function merged(known: Corrections, answers: Corrections): Corrections {
  const all: Corrections = { ...known };
  for (const [field, named] of Object.entries(answers)) {
    const filled = Object.fromEntries(Object.entries(named).filter(([, name]) => name.trim()));
    all[field] = { ...all[field], ...filled };
  }
  return all;
}
