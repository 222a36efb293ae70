// The shapes the server speaks. Days are "YYYY-MM-DD", instants ISO 8601 in UTC, money in whole units of its currency.
import type { Language } from "../words/words.ts";

export type Scope = "none" | "own" | "group" | "all";
export type Verb = "view" | "create" | "edit" | "delete" | "export" | "reassign";
/** `unread`: `name` is what somebody typed, and nothing is known by it. */
export type Named = { id: string | number; name: string; unread?: true };
export type NamedNumber = { id: number; name: string };
export type InLanguages = Record<Language, string>;
export type Rights = Record<string, Record<Verb, Scope>>;

/** `name` is English; `words` come where the server knows the level. */
export type LevelName = { number: number; name: string; words?: InLanguages };

export type Session = {
  user: {
    id: number;
    name: string;
    fullName: string;
    language: Language;
    level: LevelName;
    territories: NamedNumber[];
    groups: NamedNumber[];
  };
  tenant: { name: string; currency: string };
  rights: Rights;
  permissions: string[];
  /** Seals what the user's browser keeps of what he typed; base64 of 32 bytes. */
  draftKey: string;
};

export type FieldType =
  | "text" | "longText" | "email" | "phone" | "url" | "integer" | "decimal" | "money" | "date" | "dateTime"
  | "yesNo" | "choice" | "relation" | "user" | "territory"; // prettier-ignore

export type Choice = {
  value: string;
  words: InLanguages;
  position?: number;
  probability?: number;
  outcome?: "open" | "won" | "lost" | null;
};

export type Field = {
  name: string;
  type: FieldType;
  words: InLanguages;
  required: boolean;
  readOnly: boolean;
  lengthMax?: number;
  min?: number;
  max?: number;
  choices?: Choice[];
  module?: string;
  listed: boolean;
  sortable: boolean;
  filterable: boolean;
};

export type Module = {
  name: string;
  path: string;
  words: Record<Language, { one: string; many: string }>;
  titleField: string;
  defaultSort: string;
  fields: Field[];
};

export type Value = string | number | boolean | Named | null | undefined;

export type CrmRecord = {
  id: string;
  version: number;
  deletedAt?: string | null;
  createdAt?: string;
  changedAt?: string;
  territory?: NamedNumber | null;
  responsible?: NamedNumber | null;
  secondResponsible?: NamedNumber | null;
  [field: string]: Value;
};

export type Page<T> = { items: T[]; next: string | null };
export type Count = { count: number; exact: boolean; totals?: Record<string, number> };

export type Filter = { and: Filter[] } | { or: Filter[] } | { not: Filter } | Condition;
export type Condition = { field: string; op: string; value?: unknown };

export type TimelineEntry = {
  kind: "created" | "changed" | "deleted" | "restored" | "reassigned" | "imported" | "activity";
  at: string;
  by: NamedNumber | null;
  changes?: { field: string; before: Value; after: Value }[];
  activity?: CrmRecord;
};

export type Access = {
  record: Pick<CrmRecord, "territory" | "responsible" | "secondResponsible">;
  users: {
    id: number;
    name: string;
    level: { number: number; name: string };
    because: "all" | "unlimited" | "territory" | "responsible" | "second_responsible" | "group";
  }[];
  total: number;
  /** How many for each reason; `users` are the first of them. */
  reasons: Record<string, number>;
};

export type StageSum = { stage: string; count: number; exact: boolean; totals?: Record<string, number> };
export type BoardStage = StageSum & { items: CrmRecord[] };
export type Found = { module: string; id: string; name: string; detail?: string | null };
export type View = { columns: string[] | null; sort: string | null };
