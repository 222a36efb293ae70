/** How one column keeps a record, or speaks of one. */
export type Place = {
  /** Its number, words of its own, words that people typed of it, or nothing of a record at all. */
  readonly holds: "number" | "own words" | "typed words" | "nothing";
  /** What is asked, at every reading, of whoever wants to see it; "nobody" for what no user's role can read. */
  readonly asked:
    | "the record's policy"
    | "what it hangs on"
    | "who made it"
    | "a permission"
    | "nobody"
    | "anybody"
    | "who is signed in";
  /** What erasing a record for good does to it. */
  readonly erased: "goes" | "is blanked" | "stays";
};

const record: Place = { holds: "own words", asked: "the record's policy", erased: "goes" };
const relation: Place = { holds: "number", asked: "the record's policy", erased: "is blanked" };
const stays = (holds: Place["holds"], asked: Place["asked"]): Place => ({ holds, asked, erased: "stays" });
const nothing = (asked: Place["asked"]): Place => stays("nothing", asked);

const recordsOwn = {
  organisation: "name sector office_location website phone email address postcode city notes",
  person: "first_name last_name name title email phone notes",
  product: "name series currency notes",
  opportunity: "name reference stage currency notes",
  activity: "name kind notes",
};
const relations = {
  organisation: "parent_id",
  person: "organisation_id",
  product: "",
  opportunity: "organisation_id person_id product_id",
  activity: "organisation_id person_id opportunity_id",
};

const columns = (of: string, names: string, place: Place): [string, Place][] =>
  names.split(" ").flatMap((name) => (name === "" ? [] : [[`${of}.${name}`, place]]));

/**
 * Every column of a tenant's database that can hold a number, a text or bytes. Whoever adds one says here what it
 * holds, who is asked before it is read, and how erasing reaches it; a test walks the database for what is missing.
 */
export const places: ReadonlyMap<string, Place> = new Map([
  ...Object.entries(recordsOwn).flatMap(([module, names]) => [
    ...columns(`public.${module}`, `id ${names}`, record),
    ...columns(`public.${module}`, "import_id", nothing("the record's policy")),
  ]),
  ...Object.entries(relations).flatMap(([module, names]) => columns(`public.${module}`, names, relation)),
  ...columns("public.search_word", "record_id word", { ...record, asked: "nobody" }),
  ...columns("public.search_word", "module", nothing("nobody")),
  // The log keeps that something was done to a record, by whom and when; never what the record was.
  ...columns("public.audit", "record_id", stays("number", "nobody")),
  ...columns("public.audit", "detail", { holds: "typed words", asked: "nobody", erased: "is blanked" }),
  ...columns("public.audit", "session_id request_id action outcome module", nothing("nobody")),
  ...columns("public.erasure", "record_id", stays("number", "nobody")),
  ...columns("public.erasure", "module", nothing("nobody")),
  ...columns("public.record_move", "record_id", stays("number", "nobody")),
  ...columns("public.record_move", "module", nothing("nobody")),
  ...columns("public.take_back_record", "record_id name before after", { ...record, asked: "who made it" }),
  ...columns(
    "public.take_back_record",
    "take_back_id module reason field kept_because",
    nothing("who made it"),
  ),
  ...columns("public.take_back", "id moment_id module state error", nothing("who made it")),
  ...columns("public.idempotency", "result", {
    holds: "number",
    asked: "who made it",
    erased: "goes",
  }),
  ...columns("public.idempotency", "key action input_hash", nothing("who made it")),
  ...columns("public.import", "file_name columns corrections", {
    holds: "typed words",
    asked: "who made it",
    erased: "is blanked",
  }),
  ...columns("public.import", "id module state dialect mapping error words_from", nothing("who made it")),
  ...columns("public.import_file", "content", { holds: "typed words", asked: "who made it", erased: "goes" }),
  ...columns("public.import_file", "import_id", nothing("who made it")),
  ...columns("public.import_report", "lines", {
    holds: "typed words",
    asked: "who made it",
    erased: "is blanked",
  }),
  ...columns("public.import_report", "import_id", nothing("who made it")),
  ...columns("public.import_memory", "corrections", {
    holds: "typed words",
    asked: "who made it",
    erased: "is blanked",
  }),
  ...columns("public.import_memory", "module mapping", nothing("who made it")),
  ...columns("access.sign_in", "name", { holds: "typed words", asked: "a permission", erased: "is blanked" }),
  ...columns("access.sign_in", "user_agent outcome", nothing("a permission")),
  ...columns("public.saved_view", "module columns sort", nothing("who made it")),
  ...columns("public.stage", "key outcome words", nothing("anybody")),
  ...columns("public.schema_version", "name sha256", nothing("anybody")),
  ...columns("access.users", "name full_name email language password_hash", nothing("who is signed in")),
  ...columns("access.level", "name rights permissions", nothing("who is signed in")),
  ...columns("access.territory", "name", nothing("who is signed in")),
  ...columns("access.groups", "name", nothing("who is signed in")),
  ...columns("access.setting", "key value", nothing("who is signed in")),
  ...columns("access.session", "id token_hash kind user_agent", nothing("who made it")),
  ...columns("access.users", "draft_key", nothing("who is signed in")),
  ...columns("access.device", "token_hash", nothing("nobody")),
  ...columns("access.door", "secret inner_secret outer_secret", nothing("nobody")),
  ...columns("access.network", "address", nothing("nobody")),
]);
