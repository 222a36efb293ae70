import type { Tenancy } from "#platform/tenancy/index.ts";
import { BackupError } from "../backup/backup-error.ts";
import { decide, findRequests, type RestoreRequest } from "./requests.store.ts";
import { allowWithoutApproval } from "./tenant-standing.store.ts";

/** The host's decision on a request, by its id or the beginning of it. Throws BackupError. */
export async function decideRequest(
  { registry }: Pick<Tenancy, "registry">,
  beginning: string,
  decision: { state: "approved" | "refused"; by: string; because: string | null },
): Promise<RestoreRequest> {
  const [found, another] = await findRequests(registry, beginning);
  if (found === undefined) throw new BackupError("bad_request", `There is no request ${beginning}.`);
  if (another !== undefined)
    throw new BackupError("bad_request", `Several requests begin with ${beginning}. Give more of the id.`);
  if (!(await decide(registry, found.id, decision))) {
    const [{ state } = found] = await findRequests(registry, found.id);
    throw new BackupError("bad_request", `Request ${found.id} is ${state}, so there is nothing to decide.`);
  }
  return found;
}

/** Throws TenancyError. */
export async function allowRestores(tenancy: Tenancy, key: string, allowed: boolean): Promise<void> {
  const tenant = await tenancy.show(key);
  await allowWithoutApproval(tenancy.registry, tenant.id, allowed);
}
