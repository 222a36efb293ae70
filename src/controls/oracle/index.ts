export { mayByTheWords, mayMoveHomeByTheWords, mayWriteByTheWords, reaches, territoryOf } from "./oracle.ts";
export {
  oracleModules,
  oracleScopes,
  oracleVerbs,
  type OracleModule,
  type OracleRights,
  type OracleVerb,
  type World,
  type WorldLevel,
  type WorldRecord,
  type WorldUser,
} from "./world.ts";
