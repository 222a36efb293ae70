import type { ServerConnection } from "#platform/postgres/index.ts";
import type { Source } from "./catalog.ts";

/** The backups that pgBackRest makes of a host's own server. */
export type HostBackups = Source & {
  /** Strongroom's data folder. */
  directory: string;
  connection: ServerConnection;
  /** The server's data folder, on this machine. */
  pgFolder: string;
  keepDays: number;
  /** When Strongroom began to look after them, ISO 8601. */
  since: string;
  /** Where the server's own programs lie, of its version. */
  programs: () => Promise<string>;
};
