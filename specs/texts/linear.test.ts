import { describe, expect, test } from "vitest";
import type { z } from "zod";
import { rawText } from "#core/index.ts";
import { isText, lengthMaxOf, places } from "./shape-texts.ts";

/** What expressions trip over: each class of characters again and again, alone and in turn with another. */
const repeated = [
  ..."aZ70 \t\n\u00a0.-/@+():%é\0\ud800",
  ..."a.|a | a|a@|@.|a-|1 |1.|1-|0,|é |e\u0301|\u{1f600}| \n|//|T0".split("|"),
];
/** How a text begins that nearly fits … */
const heads = ["", "+1", "a@", "a@a", "https://", "2026-11-27T00:00:00.0", "{"];
/** … and how it ends, so that it does not after all. */
const tails = ["", "!", "x", " ", "@"];

/** Texts by their length. */
type Kind = (length: number) => string;
const kinds: readonly Kind[] = repeated.flatMap((part) =>
  heads.flatMap((head) =>
    tails.map((tail) => (length: number) => {
      const body = head + part.repeat(Math.ceil(length / part.length));
      return body.slice(0, length - tail.length) + tail;
    }),
  ),
);

type Driven = { readonly shape: Pick<z.ZodType, "safeParse">; readonly limit: number };
/** The outermost shape at each place where a text can be sent, and the most characters it takes. */
const driven = new Map<string, Driven>();
for (const place of places.filter(isText)) {
  const { shape } = places.find(({ path }) => path === place.path) ?? place;
  const limit = Math.max(lengthMaxOf(place.shape) ?? 0, driven.get(place.path)?.limit ?? 0);
  driven.set(place.path, { shape, limit });
}

/** In microseconds: what is not worth a second look, how long a second look takes, and how often it is taken. */
const noise = 3_000;
const measured = 50_000;
const runs = 4;
/** Twice the text may cost twice as much, and half as much again; what is quadratic costs four times as much. */
const factorMax = 3;
/** So few characters cost so little whatever is asked of them, unless each one doubles the cost. */
const few = [10, 14, 18, 22, 26, 30];
const fewMicrosecondsMax = 50_000;

/** Microseconds of this thread alone, so that other work of the machine does not count. */
function cost(act: () => void, times = 1): number {
  const before = process.threadCpuUsage();
  for (let time = 0; time < times; time += 1) act();
  const { user, system } = process.threadCpuUsage(before);
  return user + system;
}

const least = (act: () => void, times: number): number =>
  Math.min(...Array.from({ length: runs }, () => cost(act, times)));

/** The first text that costs more than linear time, as far as that is told from noise; undefined when none does. */
function slowText({ shape, limit }: Driven): string | undefined {
  const asked = (text: string) => () => void shape.safeParse(text);
  for (const length of few.filter((each) => each <= limit))
    for (const text of kinds.map((kind) => kind(length)))
      if (cost(asked(text)) > fewMicrosecondsMax && least(asked(text), 1) > fewMicrosecondsMax) return text;
  // Step by step, so that what grows faster still is found before it takes for ever.
  for (let length = Math.min(64, limit); ; length = Math.min(2 * length, limit)) {
    const found = kinds.find((kind) => growsTooFast(asked, kind, length));
    if (found !== undefined) return found(length);
    if (length === limit) return undefined;
  }
}

function growsTooFast(asked: (text: string) => () => void, kind: Kind, length: number): boolean {
  const whole = asked(kind(length));
  // A single look may meet the collector of memory.
  if (cost(whole) < noise) return false;
  const once = least(whole, 1);
  if (once < noise) return false;
  const half = asked(kind(Math.floor(length / 2)));
  const times = Math.ceil(measured / once);
  const isSlow = () => least(whole, times) > factorMax * least(half, times);
  return isSlow() && isSlow();
}

describe("a text of twice the length costs twice the time and not more", () => {
  test.each([...driven])("%s", (_path, place) => {
    expect(place.limit).toBeGreaterThan(0);
    expect(slowText(place)?.slice(0, 60)).toBeUndefined();
  });
});

test.each([
  { source: String.raw`^[^\s@]+@[^\s@]+\.[^\s@]+$`, because: "two parts trade characters" },
  { source: String.raw`\s+$`, because: "every start is tried anew" },
  { source: String.raw`^\+?\d+[\d ]*\d+[\d ]*$`, because: "digits are counted here or there" },
  { source: String.raw`^(?:a+)+$`, because: "each character doubles the time" },
])("$source would be found out: $because", ({ source }) => {
  const shape = rawText(20_000).regex(new RegExp(source));
  expect(slowText({ shape, limit: 20_000 })).toBeDefined();
});

test("the rule sees the texts it judges", () => {
  expect(driven.size).toBeGreaterThan(60);
});
