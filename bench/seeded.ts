import { seed } from "./size.ts";

/** A whole number below 2^32 that depends on nothing but the seed and its arguments. */
export function mixed(index: number, salt: number): number {
  let bits = (seed ^ Math.imul(index + 1, 0x9e3779b1) ^ Math.imul(salt + 1, 0x85ebca6b)) >>> 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x7feb352d);
  bits = Math.imul(bits ^ (bits >>> 15), 0x846ca68b);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** From 0 up to 1. */
export const fraction = (index: number, salt: number): number => mixed(index, salt) / 2 ** 32;

/** One of the list, all alike. */
export const oneOf = <Item>(items: readonly Item[], index: number, salt: number): Item =>
  items[mixed(index, salt) % items.length] as Item;

/** One of the list, the first far more often than the last, as names are in life. */
export const skewed = <Item>(items: readonly Item[], index: number, salt: number): Item =>
  items[Math.floor(items.length * fraction(index, salt) ** 2.2)] as Item;

const kinds = { organisation: 1, person: 2, product: 3, opportunity: 4, activity: 5 } as const;
export type Kind = keyof typeof kinds;

const firstMoment = Date.UTC(2024, 0, 1);
const hex = (value: number, digits: number) => value.toString(16).padStart(digits, "0").slice(-digits);

/** The id of the module's record number `index`; ordered by time, as the program's own ids are. */
export function idOf(kind: Kind, index: number): string {
  const time = hex(firstMoment + index * 30_000, 12);
  const salt = kinds[kind] * 100;
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(mixed(index, salt), 3)}-8${hex(mixed(index, salt + 1), 3)}-${hex(kinds[kind], 2)}${hex(mixed(index, salt + 2), 10)}`;
}

/** The moment record number `index` was made. */
export const momentOf = (index: number): string => new Date(firstMoment + index * 30_000).toISOString();
