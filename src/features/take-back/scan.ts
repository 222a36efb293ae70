import type { Mark } from "./compare.store.ts";

export const kinds = ["deleted", "changed", "new"] as const;
export type Kind = (typeof kinds)[number];
/** A record that differs; `version` is that of the present, null when it is not there at all. */
export type Found = { readonly kind: Kind; readonly id: string; readonly version: number | null };

/** One of the two databases, through the actor's view. */
export type Side = {
  marks(after: string, limit: number): Promise<Mark[]>;
  absent(ids: readonly string[]): Promise<Set<string>>;
};

export const beforeAll = "00000000-0000-0000-0000-000000000000";
const batchRecords = 5_000;

/** Compares all records of both in the order of their ids; yields what differs and how far it is, batch by batch. */
export async function* scan(
  then: Side,
  now: Side,
  from: string,
): AsyncGenerator<{ found: Found[]; upTo: string | undefined }> {
  for (let after: string | undefined = from; after !== undefined;) {
    const [old, present] = await Promise.all([then, now].map((side) => side.marks(after!, batchRecords)));
    const upTo = boundOf(old ?? [], present ?? []);
    const within = (marks: Mark[] = []) =>
      new Map(marks.filter(({ id }) => upTo === undefined || id <= upTo).map((mark) => [mark.id, mark]));
    yield { found: await differences(within(old), within(present), then, now), upTo };
    after = upTo;
  }
}

/** Beyond the end of a full batch its side has not been read yet. */
function boundOf(...batches: Mark[][]): string | undefined {
  const ends = batches.flatMap((batch) => (batch.length === batchRecords ? [batch.at(-1)!.id] : []));
  return ends.sort()[0];
}

type Marks = ReadonlyMap<string, Mark>;

/** What one side alone shows may be out of sight on the other, which is no difference to tell of. */
async function differences(old: Marks, present: Marks, then: Side, now: Side): Promise<Found[]> {
  const only = (one: Marks, other: Marks) =>
    [...one.values()].filter(({ id, live }) => live && !other.has(id)).map(({ id }) => id);
  const [gone, come] = await Promise.all([now.absent(only(old, present)), then.absent(only(present, old))]);
  const ids = [...new Set([...old.keys(), ...present.keys()])].sort();
  return ids.flatMap((id) => {
    const [before, after] = [old.get(id), present.get(id)];
    const kind = kindOf(before, after, gone.has(id), come.has(id));
    return kind === undefined ? [] : [{ kind, id, version: after?.version ?? null }];
  });
}

export function kindOf(
  before: Pick<Mark, "live" | "sum"> | undefined,
  after: Pick<Mark, "live" | "sum"> | undefined,
  isGone: boolean,
  isCome: boolean,
): Kind | undefined {
  if (before?.live && after?.live) return before.sum === after.sum ? undefined : "changed";
  if (before?.live) return after !== undefined || isGone ? "deleted" : undefined;
  if (after?.live) return before !== undefined || isCome ? "new" : undefined;
  return undefined;
}
