import { escapeLiteral, type ClientBase } from "pg";
import { fingerprint, migrate, withClient, type ServerConnection } from "../postgres/index.ts";
import { withLock } from "./advisory-lock.ts";
import {
  closeCatalog,
  closeTemplate,
  createEmptyDatabase,
  databaseExists,
  dropTemplate,
  ownerRole,
} from "./database.store.ts";

const prefix = "strongroom_template_";
const lock = "templates";

export type TemplateSource = {
  connection: ServerConnection;
  migrations: string;
  /** The registry the template is first made for: it drops the template when its migrations have moved on. */
  registryDatabase: string;
};

/**
 * Runs `work` with the name of a template database that has every migration of the folder, made on demand.
 * The template stays while `work` runs. `client` is the administrator in the server's maintenance database.
 */
export async function withTemplate<Result>(
  client: ClientBase,
  source: TemplateSource,
  work: (template: string) => Promise<Result>,
): Promise<Result> {
  const template = prefix + (await fingerprint(source.migrations));
  for (;;) {
    const result = await withLock(client, lock, "shared", async () =>
      (await isClosed(client, template)) ? { value: await work(template) } : undefined,
    );
    if (result) return result.value;
    await withLock(client, lock, "exclusive", () => make(client, source, template));
  }
}

async function make(client: ClientBase, source: TemplateSource, template: string): Promise<void> {
  if (await isClosed(client, template)) return;
  if (!(await databaseExists(client, template))) {
    await createEmptyDatabase(client, template);
    await client.query(`COMMENT ON DATABASE ${template} IS ${escapeLiteral(source.registryDatabase)}`);
  }
  await withClient({ ...source.connection, database: template }, async (inside) => {
    await closeCatalog(inside);
    await inside.query(`SET ROLE ${ownerRole}`);
    await migrate(inside, source.migrations);
  });
  await closeTemplate(client, template);
}

/** Drops the templates this registry made of other versions of the migrations. */
export async function dropOldTemplates(client: ClientBase, source: TemplateSource): Promise<void> {
  const template = prefix + (await fingerprint(source.migrations));
  await withLock(client, lock, "exclusive", async () => {
    const { rows } = await client.query<{ name: string }>(
      `SELECT datname AS name FROM pg_catalog.pg_database
       WHERE starts_with(datname, $1) AND datname <> $2 AND shobj_description(oid, 'pg_database') = $3`,
      [prefix, template, source.registryDatabase],
    );
    for (const { name } of rows) await dropTemplate(client, name);
  });
}

// A template is closed in the last step of its making, so a closed one is whole.
async function isClosed(client: ClientBase, template: string): Promise<boolean> {
  const { rows } = await client.query<{ closed: boolean }>(
    "SELECT datistemplate AND NOT datallowconn AS closed FROM pg_catalog.pg_database WHERE datname = $1",
    [template],
  );
  return rows[0]?.closed ?? false;
}
