import { Client, type ClientConfig } from "pg";

/** How to reach a server as its administrator. `host` is a folder when the server listens on a Unix socket. */
export type ServerConnection = {
  host: string;
  port: number;
  user: string;
  password: string;
  /** The database to connect to when none is named. */
  database: string;
  ssl?: boolean | object;
};

/** Opens one connection, gives it to `work`, and closes it whatever happens. */
export async function withClient<Result>(
  connection: ClientConfig,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = new Client({
    connectionTimeoutMillis: 5_000,
    application_name: "strongroom",
    ...connection,
  });
  // A connection that breaks between two statements is reported by the next statement.
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
