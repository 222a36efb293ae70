import type { Backups } from "#hosting/index.ts";
import type { ServerConnection } from "#platform/postgres/index.ts";
import type { Tenancy } from "#platform/tenancy/index.ts";

/** The running system as a control meets it: its HTTP door, and its server's administrator. */
export type System = {
  /** Where it listens; tenants are told apart by host name. */
  readonly address: { readonly host: string; readonly port: number };
  readonly tenancy: Tenancy;
  readonly connection: ServerConnection;
  /** The backups as the data folder knows them now; undefined when nothing is backed up. Throws BackupError. */
  readonly backups: () => Promise<Backups | undefined>;
};

/** A system of one's own that may be broken, and started again with other settings. */
export type Throwaway = System & {
  readonly restart: (environment: Readonly<Record<string, string>>) => Promise<void>;
};
