export { asTree, PersonSelect, TerritorySelect } from "./directory-selects.tsx";
export { FieldInput } from "./field-input.tsx";
export { fieldNamed, fieldsOf, isNumeric, nameOf, titleOf } from "./field-kinds.ts";
export { FieldValue, valueText } from "./field-value.tsx";
export { fieldWords } from "./fields.words.ts";
export { candidates } from "./relation-select.tsx";
