import type { Db, Language, Words } from "#core/index.ts";

type Common = {
  readonly name: string;
  readonly words: Words;
  readonly required?: boolean;
  /** Shown, never written by people. */
  readonly readOnly?: boolean;
  /** Among a list's columns until the user chooses others. */
  readonly listed?: boolean;
  readonly sortable?: boolean;
  /** A relation that says where the record stands; the first of them that is filled counts. */
  readonly places?: boolean;
};
export type Choice = { readonly value: string; readonly words: Words };

/** One field of a record; `lengthMax` in characters, `min` and `max` inclusive. */
export type Field = Common &
  (
    | { readonly type: "text" | "longText" | "email" | "phone" | "url"; readonly lengthMax: number }
    | { readonly type: "integer" | "decimal" | "money"; readonly min: number; readonly max: number }
    | { readonly type: "date" | "dateTime" | "yesNo" | "user" | "territory" }
    | { readonly type: "choice"; readonly choices: readonly Choice[] | "stages" }
    | { readonly type: "relation"; readonly module: string }
  );

/** A CRM noun, defined once; everything generic comes from here (design: the record engine). */
export type Module = {
  /** Also its table, its audit name and its key in rights. */
  readonly name: string;
  /** Its place in the API, for example "organisations". */
  readonly path: string;
  readonly words: { readonly [language in keyof Words]: { one: string; many: string } };
  readonly titleField: "name";
  readonly defaultSort: string;
  /** The field shown beside the name in search results. */
  readonly detailField?: string;
  readonly fields: readonly Field[];
  /** A record that follows another has no people or place of its own. */
  readonly follows?: string;
  /** Fields that follow from others, filled in wherever records are written. */
  readonly derives?: {
    readonly fields: readonly string[];
    /** `today` is the asker's own day, "YYYY-MM-DD". */
    readonly prepare: (db: Db, asker: { today: string; language: Language }) => Promise<Derive>;
  };
};

/**
 * What else changes with the fields somebody says, by their names; `before` is the record as stored, undefined for a
 * new one. Throws a Refusal for what cannot stand together.
 */
export type Derive = (
  said: Readonly<Record<string, unknown>>,
  before: Readonly<Record<string, unknown>> | undefined,
) => Record<string, unknown>;

/** Fields every record has besides its own. */
export const placeFields: readonly Field[] = [
  {
    name: "responsible",
    type: "user",
    words: { en: "Responsible", da: "Ansvarlig" },
    readOnly: true,
    listed: true,
  },
  {
    name: "secondResponsible",
    type: "user",
    words: { en: "Second responsible", da: "Medansvarlig" },
    readOnly: true,
  },
  { name: "territory", type: "territory", words: { en: "Territory", da: "Område" }, readOnly: true },
  { name: "createdAt", type: "dateTime", words: { en: "Created", da: "Oprettet" }, readOnly: true },
  { name: "changedAt", type: "dateTime", words: { en: "Changed", da: "Ændret" }, readOnly: true },
];

export const fieldsOf = (module: Module): readonly Field[] => [...module.fields, ...placeFields];

export const ownFields = (module: Module): readonly Field[] =>
  module.fields.filter((field) => field.readOnly !== true);

const lengths = { text: 200, longText: 10_000, email: 254, phone: 40, url: 500 };
type Options = Partial<Pick<Common, "required" | "readOnly" | "listed" | "sortable" | "places">>;

/** Short forms for definitions; a text's limit is that of its kind unless said otherwise. */
export const field = {
  text: (name: string, words: Words, options: Options & { lengthMax?: number } = {}): Field => ({
    name,
    words,
    type: "text",
    lengthMax: lengths.text,
    ...options,
  }),
  kind: (
    type: "longText" | "email" | "phone" | "url",
    name: string,
    words: Words,
    options: Options = {},
  ): Field => ({ name, words, type, lengthMax: lengths[type], ...options }),
  number: (
    type: "integer" | "decimal" | "money",
    name: string,
    words: Words,
    options: Options & { min?: number; max?: number } = {},
  ): Field => ({
    name,
    words,
    type,
    min: 0,
    max: type === "integer" ? 2_147_483_647 : 999_999_999_999.99,
    ...options,
  }),
  of: (type: "date" | "dateTime" | "yesNo", name: string, words: Words, options: Options = {}): Field => ({
    name,
    words,
    type,
    ...options,
  }),
  choice: (
    name: string,
    words: Words,
    choices: readonly Choice[] | "stages",
    options: Options = {},
  ): Field => ({ name, words, type: "choice", choices, ...options }),
  relation: (name: string, module: string, words: Words, options: Options = {}): Field => ({
    name,
    words,
    type: "relation",
    module,
    ...options,
  }),
};
