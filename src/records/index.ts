export {
  changeRecord,
  createRecord,
  deleteRecord,
  reassignRecord,
  recordCommand,
  restoreRecord,
  showRecord,
} from "./record-actions.ts";
export { eraseRecord } from "./erase-record.ts";
export { columnValues, findVisible, showSome, visibleAmong, type StoredRecord } from "./change.store.ts";
export { changesBetween, type FieldChange } from "./changes.ts";
export { checkReferences } from "./check-references.store.ts";
export { columnOf, getField } from "./columns.ts";
export { countVisible } from "./count.store.ts";
export {
  field,
  fieldsOf,
  ownFields,
  type Choice,
  type Derive,
  type Field,
  type Module,
} from "./definition.ts";
export { withDerived } from "./with-derived.ts";
export { compileFilter } from "./filter.store.ts";
export { columnsAsked, countRecords, listRecords, sortAsked, type Page } from "./list-actions.ts";
export { everyVisible } from "./every-row.store.ts";
export { listVisible } from "./list.store.ts";
export { pageOutput, recordOutput } from "./record-output.ts";
export { changeShape, createShape, recordId } from "./record-shape.ts";
export { samePlace } from "./judge-place.ts";
export { mayPlace, placesAfter } from "./place-after.store.ts";
export { chosenFields, type ShownRecord } from "./shown.store.ts";
