import { queryOptions } from "@tanstack/react-query";
import { ask, type NamedNumber } from "#ui/index.ts";
import type { stateWords } from "./import.words.ts";

export type Dialect = {
  encoding: "utf-8" | "windows-1252";
  delimiter: "," | ";" | "\t";
  dateOrder: "mdy" | "dmy" | "ymd";
  decimal: "." | ",";
};

/** Which name to use instead of a text in the file, field by field. */
export type Corrections = Record<string, Record<string, string>>;

export type Import = {
  id: string;
  module: string;
  fileName: string;
  state: keyof typeof stateWords;
  dialect: Dialect;
  columns: { name: string; samples: string[] }[];
  mapping: Record<string, string | null>;
  corrections: Corrections;
  rows: number;
  done: number;
  created: number;
  refused: number;
  createdAt: string;
  by: NamedNumber | null;
  preview: { row: number; values: Record<string, string>; problems: { field: string; message: string }[] }[];
  error?: string;
};

export type Check = {
  rows: number;
  wouldCreate: number;
  refused: number;
  unmatched: { field: string; text: string; rows: number; suggestions: string[] }[];
  problems: { row: number; field: string; text: string; code: string; message: string }[];
};

export const importKey = (id: string) => ["imports", id];
export const isAtWork = ({ state }: Import): boolean => ["waiting", "running", "undoing"].includes(state);

const askAgainMilliseconds = 700;

export const oneImport = (id: string) =>
  queryOptions({
    queryKey: importKey(id),
    queryFn: () => ask<Import>("GET", `/api/imports/${id}`),
    refetchInterval: (query) =>
      query.state.data && isAtWork(query.state.data) ? askAgainMilliseconds : false,
    staleTime: 0,
  });

export const allImports = queryOptions({
  queryKey: ["imports"],
  queryFn: () => ask<{ items: Import[] }>("GET", "/api/imports").then(({ items }) => items),
  staleTime: 0,
});
