import { withClient, type ServerConnection } from "./connection.ts";
import { SetupError } from "./setup-error.ts";

export type ExternalServer = { embedded: false; connection: ServerConnection; stop(): Promise<void> };

type Powers = {
  version: number;
  rolsuper: boolean;
  rolcreatedb: boolean;
  rolcreaterole: boolean;
  rolname: string;
};

/** Checks that another server (a `postgres://` URL) is new enough and lets us make databases and roles. Throws SetupError. */
export async function useExternalServer(url: string): Promise<ExternalServer> {
  const connection = connectionFrom(url);
  const powers = await powersOn(connection);
  if (powers.version < 150_000) {
    throw new SetupError(
      `DATABASE_URL leads to PostgreSQL ${Math.floor(powers.version / 10_000)}; 15 or newer is needed.`,
    );
  }
  if (!powers.rolsuper && !(powers.rolcreatedb && powers.rolcreaterole)) {
    throw new SetupError(
      `DATABASE_URL signs in as ${powers.rolname}, who must be allowed to make databases and roles: ALTER ROLE "${powers.rolname}" CREATEDB CREATEROLE.`,
    );
  }
  return { embedded: false, connection, stop: async () => undefined };
}

/** How to reach the server a `postgres://` URL names. Throws SetupError. */
export function connectionFrom(text: string): ServerConnection {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^postgres(ql)?:$/.test(url.protocol)) {
    throw new SetupError("DATABASE_URL must look like postgres://user:password@host:5432/postgres.");
  }
  const sslMode = url.searchParams.get("sslmode");
  return {
    host: url.searchParams.get("host") ?? url.hostname,
    port: Number(url.searchParams.get("port") ?? (url.port || 5432)),
    user: decodeURIComponent(url.username) || "postgres",
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)) || "postgres",
    ...(sslMode && sslMode !== "disable"
      ? { ssl: { rejectUnauthorized: sslMode.startsWith("verify") } }
      : {}),
  };
}

async function powersOn(connection: ServerConnection): Promise<Powers> {
  try {
    return await withClient(connection, async (client) => {
      const { rows } = await client.query<Powers>(`
        SELECT current_setting('server_version_num')::int AS version, rolname, rolsuper, rolcreatedb, rolcreaterole
        FROM pg_catalog.pg_roles WHERE rolname = current_user`);
      return rows[0] as Powers;
    });
  } catch (error) {
    throw new SetupError(`DATABASE_URL cannot be reached: ${(error as Error).message}`, { cause: error });
  }
}
