import type { AuditBuffer } from "./audit.ts";
import type { Door } from "./door.ts";
import type { Moment } from "./moment.ts";
import { networkOf } from "./network.ts";
import type { Whose } from "./shares.ts";
import type { Pool } from "./transaction.ts";

/** A tenant as one process works with it: its pool signs in as the tenant's own database role. */
export type TenantConnection = {
  readonly id: string;
  readonly name: string;
  readonly host: string;
  /** Scheme, host and port people type, for example "http://maven.localhost:3000". */
  readonly address: string;
  readonly pool: () => Pool;
  readonly door: Door;
  readonly audit: AuditBuffer;
  /** A moment that is open beside the present; undefined when this tenant has none of that id. */
  readonly moment?: (id: string) => Promise<Moment | undefined>;
};

/** One request, wherever it came from: HTTP, a job, the command line or a test. */
export type Call = {
  readonly tenant: TenantConnection;
  /** The opaque session token, undefined when none came. */
  readonly token: string | undefined;
  readonly ip: string;
  readonly userAgent: string;
  readonly requestId: string;
  readonly language: "en" | "da";
  /** The time zone the asker's days are in, by its IANA name. */
  readonly zone: string;
  /** The version the asker believes to change (If-Match). */
  readonly version?: number | undefined;
  readonly idempotencyKey?: string | undefined;
  /** The moment the asker wants to read at, in place of the present. */
  readonly momentId?: string | undefined;
  /** Aborted when the asker left before all of a long answer was sent. */
  readonly gone?: AbortSignal | undefined;
};

/** Whose share a call uses: the actor's once he is known, else his network's. */
export const whoseOf = ({ tenant, ip }: Pick<Call, "tenant" | "ip">, actor?: { userId: number }): Whose => ({
  tenant: tenant.id,
  user: actor?.userId,
  network: networkOf(ip),
});
