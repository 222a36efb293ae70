export { archives, shippedFolder, turnArchivingOff, turnArchivingOn } from "./archive.ts";
export type { OtherPostgres } from "./cluster.ts";
export { withClient, type ServerConnection } from "./connection.ts";
export { endingWithUs } from "./ends-with-us.ts";
export { connectionFrom } from "./external-server.ts";
export { startEmbeddedPostgres, type EmbeddedServer } from "./embedded-server.ts";
export { DatabaseBusy, isDatabaseAway } from "./failures.ts";
export { FolderInUse, holderOf } from "./folder-lock.ts";
export { migrate } from "./migrate.ts";
export {
  missedFiles,
  openRestoredPlace,
  RecoveryEnded,
  startRestoredServer,
  stopRestoredServer,
  type RestoredPlace,
  type StartOptions,
} from "./restored-server.ts";
export { fingerprint, readMigrations } from "./migration-files.ts";
export {
  askServer,
  dataDirectory,
  joinServer,
  openServer,
  stopAbandonedPostgres,
  withFolder,
  type Server,
} from "./server.ts";
export { SetupError } from "./setup-error.ts";
export { isBehind, standsBack } from "./floor.ts";
export { letServerStandBack, standBack } from "./stand-back.ts";
