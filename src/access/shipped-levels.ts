import type { Rights, Scope, Verb, Words } from "#core/index.ts";

export type Level = { number: number; name: Words; rights: Rights; permissions: readonly string[] };

type VerbScopes = { readonly [verb in Verb]: Scope };
const scopes = (
  view: Scope,
  create: Scope,
  edit: Scope,
  del: Scope,
  exported: Scope,
  reassign: Scope,
): VerbScopes => ({
  view,
  create,
  edit,
  delete: del,
  export: exported,
  reassign,
});

const worked = ["organisation", "opportunity", "activity"];
/** Persons follow their organisation, so whoever may add records may add persons to any organisation he sees. */
const rights = (records: VerbScopes, products: VerbScopes): Rights => ({
  ...Object.fromEntries(worked.map((module) => [module, records])),
  person: {
    ...records,
    create: records.create === "none" || records.view === "own" ? records.create : "all",
  },
  product: products,
});

const nothing = scopes("none", "none", "none", "none", "none", "none");
const viewOnly = scopes("all", "none", "none", "none", "none", "none");
const everything = scopes("all", "all", "all", "all", "all", "all");

/** What a level opens besides records: utilities and configuration areas, each an allow-list (design: one policy). */
export const permissions = ["import", "bin", "users", "sign_in_log"] as const;

/** The eight levels every tenant starts with (source: webcrm-2015, access levels). */
export const shippedLevels: readonly Level[] = [
  {
    number: 1,
    name: { en: "No access", da: "Ingen adgang" },
    rights: rights(nothing, nothing),
    permissions: [],
  },
  {
    number: 25,
    name: { en: "Display only", da: "Kun visning" },
    rights: rights(viewOnly, viewOnly),
    permissions: [],
  },
  {
    number: 59,
    name: { en: "Restricted standard", da: "Begrænset standard" },
    rights: rights(scopes("own", "own", "own", "none", "none", "none"), viewOnly),
    permissions: [],
  },
  {
    number: 61,
    name: { en: "Standard", da: "Standard" },
    rights: rights(scopes("all", "own", "group", "own", "own", "none"), viewOnly),
    permissions: ["bin"],
  },
  {
    number: 65,
    name: { en: "Delegated manager", da: "Delegeret leder" },
    rights: rights(scopes("all", "group", "group", "group", "group", "group"), viewOnly),
    permissions: ["bin", "import"],
  },
  {
    number: 70,
    name: { en: "Manager", da: "Leder" },
    rights: rights(everything, everything),
    permissions: ["bin", "import"],
  },
  {
    number: 80,
    name: { en: "Administrator", da: "Administrator" },
    rights: rights(everything, everything),
    permissions: [...permissions],
  },
  {
    number: 99,
    name: { en: "All rights", da: "Alle rettigheder" },
    rights: rights(everything, everything),
    permissions: [...permissions],
  },
];

/** The levels as rows of access.level, for the migration that ships them. */
export const shippedLevelsSql = (): string =>
  `-- Written by bin/compile-policies.mjs from src/access/shipped-levels.ts; policies.db.test.ts holds the two together.
insert into access.level (number, name, rights, permissions) values
${shippedLevels
  .map(
    (level) =>
      `  (${level.number}, '${JSON.stringify(level.name)}', '${JSON.stringify(level.rights)}', '{${level.permissions.join(",")}}')`,
  )
  .join(",\n")};
`;
