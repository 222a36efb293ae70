import { escapeIdentifier, type ClientBase } from "pg";
import { ours, quoted } from "./tables.store.ts";

type Of = { schema: string; name: string };
export type Index = Of & { indexName: string; definition: string };
export type Constraint = Of & {
  constraintName: string;
  kind: "p" | "u" | "x" | "f";
  definition: string;
  indexName: string | null;
  deferrable: string;
};

/** All that slows down a copy and is made again after it. */
export type Indexes = {
  indexes: Index[];
  constraints: Constraint[];
  checks: (Of & { constraintName: string; definition: string })[];
};

const fromTables = "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace";

export async function readIndexes(client: ClientBase): Promise<Indexes> {
  const constraints = await client.query<Constraint>(`
    SELECT n.nspname AS schema, c.relname AS name, k.conname AS "constraintName", k.contype AS kind,
      pg_get_constraintdef(k.oid) AS definition, i.relname AS "indexName",
      CASE WHEN k.condeferrable THEN 'DEFERRABLE' || CASE WHEN k.condeferred THEN ' INITIALLY DEFERRED' ELSE '' END ELSE '' END AS deferrable
    ${fromTables} JOIN pg_constraint k ON k.conrelid = c.oid LEFT JOIN pg_class i ON i.oid = k.conindid
    WHERE k.contype IN ('p', 'u', 'x', 'f') AND ${ours} ORDER BY n.nspname, c.relname, k.conname`);
  const checks = await client.query(`
    SELECT n.nspname AS schema, c.relname AS name, k.conname AS "constraintName", pg_get_constraintdef(k.oid) AS definition
    ${fromTables} JOIN pg_constraint k ON k.conrelid = c.oid WHERE k.contype = 'c' AND ${ours} ORDER BY 1, 2, 3`);
  const indexes = await client.query<Index>(`
    SELECT n.nspname AS schema, c.relname AS name, i.relname AS "indexName", pg_get_indexdef(i.oid) AS definition
    ${fromTables} JOIN pg_index x ON x.indrelid = c.oid JOIN pg_class i ON i.oid = x.indexrelid
    WHERE ${ours} AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.oid AND k.contype = 'x')
    ORDER BY pg_relation_size(i.oid) DESC`);
  return { indexes: indexes.rows, constraints: constraints.rows, checks: checks.rows };
}

/** Takes away every index and every constraint that needs one, the references first. */
export async function dropIndexes(client: ClientBase): Promise<void> {
  const { indexes, constraints } = await readIndexes(client);
  const byKind = (foreign: boolean) => constraints.filter(({ kind }) => (kind === "f") === foreign);
  for (const constraint of [...byKind(true), ...byKind(false)])
    await client.query(
      `ALTER TABLE ${quoted(constraint)} DROP CONSTRAINT ${escapeIdentifier(constraint.constraintName)}`,
    );
  const owned = new Set(byKind(false).map(({ schema, indexName }) => `${schema} ${indexName}`));
  for (const { schema, indexName } of indexes.filter(
    (each) => !owned.has(`${each.schema} ${each.indexName}`),
  ))
    await client.query(`DROP INDEX ${quoted({ schema, name: indexName })}`);
}

/** The statements of one step may run at the same time; a step begins when the one before is done. */
export function stepsToMake(wanted: Indexes, there: Indexes): { indexes: string[]; constraints: string[] } {
  const has = new Set(
    there.checks.map(({ schema, name, constraintName }) => `${schema} ${name} ${constraintName}`),
  );
  const checks = wanted.checks.filter(
    ({ schema, name, constraintName }) => !has.has(`${schema} ${name} ${constraintName}`),
  );
  const add = (constraint: Of & { constraintName: string }, what: string) =>
    `ALTER TABLE ${quoted(constraint)} ADD CONSTRAINT ${escapeIdentifier(constraint.constraintName)} ${what}`;
  const made = wanted.constraints.map((constraint) =>
    constraint.kind === "p" || constraint.kind === "u"
      ? add(
          constraint,
          `${constraint.kind === "p" ? "PRIMARY KEY" : "UNIQUE"} USING INDEX ${escapeIdentifier(constraint.indexName ?? "")} ${constraint.deferrable}`,
        )
      : add(constraint, constraint.definition),
  );
  const isReference = (index: number) => wanted.constraints[index]?.kind === "f";
  return {
    indexes: wanted.indexes.map(({ definition }) => definition),
    constraints: [
      ...checks.map((check) => add(check, check.definition)),
      ...made.filter((_, index) => !isReference(index)),
      ...made.filter((_, index) => isReference(index)),
    ],
  };
}
