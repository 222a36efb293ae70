export { command, query, stream, type Action, type StreamAction, type Work } from "./action.ts";
export { scopeOf, verbs, type Actor, type Rights, type Scope, type Verb } from "./actor.ts";
export {
  AuditBuffer,
  auditRow,
  writeAudit,
  writeBulkAudit,
  type AuditEntry,
  type AuditRow,
} from "./audit.ts";
export { whoseOf, type Call, type TenantConnection } from "./call.ts";
export { connectTenant, type OpenTenant } from "./connect-tenant.ts";
export { askAsProgram, askWithin, openDoor, type Door } from "./door.ts";
export { refusalOf } from "./database-error.ts";
export { dayIn, limitsOfDay, zoneNamed, zoneOfNobody } from "./zone.ts";
export { lastUser } from "./known-actors.ts";
export { besideMoment, type Moment } from "./moment.ts";
export { networkOf } from "./network.ts";
export { getMoment, mustBeAdmitted, perform } from "./perform.ts";
export { performStream } from "./perform-stream.ts";
export { Refusal, refusalMessage, refusalStatus } from "./refusal.ts";
export { issuesOf, mustChange, shaped } from "./shape.ts";
export { dayText, emailText, instantText, nameText, rawText, saying, text, uuidText } from "./text.ts";
export { Shares, type Release, type Whose } from "./shares.ts";
export { planned, transaction, type Db, type SharingPool } from "./transaction.ts";
export { languages, type Language, type Words } from "./words.ts";
