import { createHash } from "node:crypto";
import { lockNumber, type Tenancy } from "#platform/tenancy/index.ts";

export type EvidenceRow = {
  control: string;
  version: number;
  at: Date;
  milliseconds: number;
  holds: boolean | null;
  expected: string;
  observed: unknown;
};

type Registry = Tenancy["registry"];

/** Nobody else checks controls meanwhile: they share the canary and its passwords. */
export async function checkAlone<Result>(registry: Registry, work: () => Promise<Result>): Promise<Result> {
  const client = await registry.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [lockNumber("controls")]);
    return await work();
  } finally {
    // Its session ends, and the lock with it.
    client.release(true);
  }
}

/** When each control was last checked. */
export async function lastChecks(registry: Registry): Promise<Map<string, Date>> {
  const { rows } = await registry.query<{ control: string; at: string }>(
    "select distinct on (control) control, at::text as at from evidence order by control, seq desc",
  );
  return new Map(rows.map(({ control, at }) => [control, new Date(at)]));
}

/** Adds one row; its digest covers the row before it, so the rows are written one after the other. */
export async function addEvidence(registry: Registry, row: EvidenceRow): Promise<void> {
  const client = await registry.connect();
  try {
    await client.query("begin; lock table evidence in exclusive mode");
    const { rows } = await client.query<{ digest: string }>(
      "select digest from evidence order by seq desc limit 1",
    );
    await client.query(
      `insert into evidence (control, version, at, milliseconds, holds, expected, observed, digest) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        row.control,
        row.version,
        row.at,
        row.milliseconds,
        row.holds,
        row.expected,
        JSON.stringify(row.observed),
        digestOf(rows[0]?.digest ?? "", row),
      ],
    );
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

/** The first row, by its place, that is not what was written or does not follow the one before it. */
export async function firstTampered(registry: Registry): Promise<number | undefined> {
  const { rows } = await registry.query<EvidenceRow & { seq: number; digest: string }>(
    "select seq, control, version, at::text as at, milliseconds, holds, expected, observed, digest from evidence order by seq",
  );
  let before = "";
  for (const row of rows) {
    if (row.digest !== digestOf(before, { ...row, at: new Date(row.at) })) return Number(row.seq);
    before = row.digest;
  }
  return undefined;
}

function digestOf(before: string, row: EvidenceRow): string {
  const { control, version, at, milliseconds, holds, expected, observed } = row;
  const parts = [before, control, version, at.toISOString(), milliseconds, holds, expected, sorted(observed)];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

/** The database keeps an object's members in an order of its own. */
function sorted(observed: unknown): unknown {
  return Object.entries(observed as Record<string, unknown>).sort(([one], [other]) => (one < other ? -1 : 1));
}
