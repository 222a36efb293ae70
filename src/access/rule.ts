/**
 * The one rule of who may reach a record. Every clause must hold: either the actor is free of it, or one of
 * the record's columns is within the actor's list. The query's predicate and the database's policies are both
 * compiled from here (design: one policy, two walls).
 */
export const rule = [
  { free: "everywhere", columns: ["territory_id"], within: "territories" },
  { free: "everyone", columns: ["responsible_id", "second_responsible_id"], within: "people" },
] as const;

export type Clause = (typeof rule)[number];
export type PolicyColumn = Clause["columns"][number];
