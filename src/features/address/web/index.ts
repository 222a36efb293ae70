export { useCreateSearch, validateCreateSearch } from "./create-search.ts";
export { useListSearch, validateListSearch } from "./list-search.ts";
