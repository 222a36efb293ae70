/** Why a record was not taken back, or not put back as it was. */
export const reasons = [
  "not_then",
  "out_of_sight",
  "changed_since",
  "nothing_to_do",
  "no_create",
  "no_edit",
  "no_delete",
  "no_bin",
  "no_reassign",
  "out_of_reach",
  "reference_gone",
  "user_gone",
  "territory_gone",
  "stage_gone",
  "own_ancestor",
  "refused",
] as const;
export type Reason = (typeof reasons)[number];

/** A record stays as it is, and why; `field` is the one that stands in the way. */
export type Turned = { readonly reason: Reason; readonly field?: string };
