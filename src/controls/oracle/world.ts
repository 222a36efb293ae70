// What the oracle knows of a tenant: what people set, nothing derived.
export const oracleVerbs = ["view", "create", "edit", "delete", "export", "reassign"] as const;
export type OracleVerb = (typeof oracleVerbs)[number];
export const oracleScopes = ["none", "own", "group", "all"] as const;
export type OracleScope = (typeof oracleScopes)[number];
export const oracleModules = ["organisation", "person", "product", "opportunity", "activity"] as const;
export type OracleModule = (typeof oracleModules)[number];
export type OracleRights = Record<OracleModule, Record<OracleVerb, OracleScope>>;

export type WorldTerritory = { id: number; parent: number | null };
export type WorldLevel = { number: number; rights: OracleRights };

export type WorldUser = {
  id: number;
  level: number;
  /** None: not limited to territories. */
  territories: number[];
  groups: number[];
  homeTerritory: number | null;
};

export type WorldRecord = {
  module: OracleModule;
  id: string;
  responsible: number | null;
  secondResponsible: number | null;
  /** What somebody set; null while nobody has. */
  territory: number | null;
  organisation: string | null;
  person: string | null;
};

export type World = {
  territories: WorldTerritory[];
  levels: WorldLevel[];
  users: WorldUser[];
  records: WorldRecord[];
  /** The tenant's setting that hides records without a territory from whoever is limited to some. */
  hideUnplaced: boolean;
};
