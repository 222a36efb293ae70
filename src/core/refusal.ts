import { missingSentence } from "./missing-right.words.ts";
import { refusalWords, tooManyFor } from "./refusal.words.ts";
import type { Language } from "./words.ts";

/** Every expected "no", its HTTP status, and nothing else: any other error is a bug. */
export const refusalStatus = {
  invalid_input: 400,
  cursor_expired: 400,
  too_broad: 400,
  sign_in_failed: 401,
  signed_out: 401,
  wrong_password: 400,
  same_password: 400,
  weak_password: 400,
  forbidden: 403,
  cross_site: 403,
  beyond_own_rights: 403,
  last_administrator: 409,
  not_found: 404,
  no_such_tenant: 404,
  tenant_suspended: 403,
  method_not_allowed: 405,
  conflict: 409,
  duplicate: 409,
  done_before: 409,
  wrong_state: 409,
  referred_to: 409,
  no_backups: 409,
  restore_open: 409,
  moment_read_only: 409,
  no_such_moment: 404,
  too_many_moments: 409,
  version_missing: 428,
  too_large: 413,
  unsupported_type: 415,
  too_many: 429,
  storage_full: 503,
  unavailable: 503,
} as const;

export type RefusalCode = keyof typeof refusalStatus;
export type Issue = { field: string; code: string; message: string };
export type MissingRight = {
  module: string;
  verb: string;
  missing?: "verb" | "people" | "territory";
  /** Whose records the level lets him do it to. */
  scope?: "own" | "group";
  /** Whose this one is, for who sees it; null for nobody's. */
  belongsTo?: string | null;
};
export type RefusalDetails = {
  field?: string;
  issues?: Issue[];
  /** The right that is missing, and what of it: the verb altogether, or reach of this record's people or territory. */
  right?: MissingRight;
  permission?: string;
  expected?: number;
  actual?: number;
  /** When to come again, for what passes by itself; it is the answer's Retry-After too. */
  retryAfterSeconds?: number;
};

/** Thrown wherever a request is turned down for a reason the asker may know. */
export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly details: RefusalDetails;
  /** Set once its row is in the audit log, so that no layer writes it twice and none leaves it out. */
  logged = false;

  constructor(code: RefusalCode, details: RefusalDetails = {}) {
    super(code);
    this.code = code;
    this.details = details;
  }
}

export function refusalMessage(refusal: Refusal, language: Language): string {
  const { right } = refusal.details;
  if (refusal.code === "forbidden" && right?.missing !== undefined) return missingSentence(right, language);
  const sentence = refusalWords[refusal.code][language];
  const field = refusal.details.field ?? refusal.details.issues?.[0]?.field;
  const reason = refusal.details.issues?.[0]?.message;
  if (refusal.code === "too_many" && refusal.details.retryAfterSeconds !== undefined)
    return tooManyFor(refusal.details.retryAfterSeconds)[language];
  return field === undefined || reason === undefined ? sentence : `${sentence} ${field}: ${reason}`;
}
