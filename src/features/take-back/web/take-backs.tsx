import { Button, Group, Progress } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { ask, Box, Panel, tellRefused, useFormats, useLanguage, useModules, useWords } from "#ui/index.ts";
import { fieldNamed } from "#features/fields/web/index.ts";
import { isAtWork, leftOut, momentsKey, takeBacks, takeBacksKey, type TakeBack } from "./moment-query.ts";
import styles from "./moment.module.css";
import { isReason, momentWords, reasonWords } from "./moment.words.ts";

/** They stand above what differs, which must not be pushed out of sight. */
const shownMax = 3;

/** What the user took back lately from this moment, each with its report and the way to undo it. */
export function TakeBacks({ momentId }: { momentId: string }) {
  const say = useWords(momentWords);
  const client = useQueryClient();
  const query = useQuery(takeBacks);
  const own = (query.data ?? []).filter(({ moment }) => moment.id === momentId).slice(0, shownMax);
  const atWork = own.filter(isAtWork).length;
  // When a job ends, what differs is another than before.
  useEffect(() => {
    if (atWork > 0) return;
    for (const queryKey of [momentsKey, ["records"]]) void client.invalidateQueries({ queryKey });
  }, [atWork, client]);
  if (own.length === 0) return null;
  return (
    <div className={styles.part}>
      <Panel title={say.takenBack}>
        <ul className={styles.rows}>
          {own.map((one) => (
            <One key={one.id} one={one} />
          ))}
        </ul>
      </Panel>
    </div>
  );
}

function One({ one }: { one: TakeBack }) {
  const say = useWords(momentWords);
  const formats = useFormats();
  const language = useLanguage();
  const modules = useModules();
  const [isOpen, setOpen] = useState(false);
  const module = modules.find(({ name }) => name === one.module);
  const told = outcomeOf(one, say, formats);
  const left = one.state === "undone" ? one.taken - one.undone : one.refused;
  return (
    <li className={styles.takeBack}>
      <Group gap="sm" justify="space-between">
        <span role="status">
          {module && `${module.words[language].many}: `}
          {told} <span className="quiet">{formats.instant(one.createdAt)}</span>
        </span>
        <Group gap={6}>
          {left > 0 && !isAtWork(one) && (
            <Button variant="subtle" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
              {one.state === "undone"
                ? say.notPutBack(formats.number(left))
                : say.notTaken(formats.number(left))}
            </Button>
          )}
          {one.state === "done" && one.taken > 0 && <Undo one={one} />}
        </Group>
      </Group>
      {isAtWork(one) && (
        <Progress
          value={one.wanted === 0 ? 100 : (one.done / one.wanted) * 100}
          animated
          aria-label={say.atWork(formats.number(one.done), formats.number(one.wanted))}
        />
      )}
      {one.state === "failed" && (
        <Box tone="bad" role="alert">
          {one.error}
        </Box>
      )}
      {isOpen && <LeftOut one={one} />}
    </li>
  );
}

function outcomeOf(
  { state, done, wanted, taken, undone }: TakeBack,
  say: ReturnType<typeof useWords<typeof momentWords>>,
  formats: ReturnType<typeof useFormats>,
): string {
  if (state === "done") return say.tookBack(formats.number(taken));
  if (state === "undone") return say.undone(formats.number(undone));
  if (state === "failed") return say.failed;
  return say.atWork(formats.number(done), formats.number(wanted));
}

function LeftOut({ one }: { one: TakeBack }) {
  const say = useWords(momentWords);
  const sayReason = useWords(reasonWords);
  const language = useLanguage();
  const modules = useModules();
  const nameOfField = (of: string, field: string) => {
    const module = modules.find(({ name }) => name === of);
    return (module && fieldNamed(module, field)?.words[language]) ?? field;
  };
  const { data = [] } = useQuery(leftOut(one));
  const isUndone = one.state === "undone";
  // What was never taken needs no putting back.
  const left = data.filter(({ reason }) => !isUndone || reason === null);
  return (
    <ul className={styles.reasons}>
      {left.map(({ seq, module, name, reason, field, keptBecause }) => {
        const because = (isUndone ? keptBecause : reason) ?? "refused";
        return (
          <li key={seq}>
            {name || say.nameless}{" "}
            <span className="quiet">
              {sayReason[isReason(because) ? because : "refused"]}
              {field !== null && ` (${nameOfField(module, field)})`}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function Undo({ one }: { one: TakeBack }) {
  const say = useWords(momentWords);
  const language = useLanguage();
  const client = useQueryClient();
  const undo = useMutation({
    mutationFn: () => ask<TakeBack>("POST", `/api/take-backs/${one.id}/undo`),
    onError: (error) => tellRefused(error, language),
    onSettled: () => client.invalidateQueries({ queryKey: takeBacksKey }),
  });
  return (
    <Button loading={undo.isPending} onClick={() => undo.mutate()}>
      {say.undo}
    </Button>
  );
}
