import { expect, test } from "vitest";
import { orderOf, parseDate } from "./parse-date.ts";

const cases: { typed: string; meant: string | null; because: string }[] = [
  { typed: "2026-12-24", meant: "2026-12-24", because: "ISO is what machines paste" },
  { typed: "24.12.2026", meant: "2026-12-24", because: "Danes write points" },
  { typed: "24/12/2026", meant: "2026-12-24", because: "the British write strokes" },
  { typed: "4. mar. 2026", meant: "2026-03-04", because: "the list shows it so in Danish" },
  { typed: "4 March 2026", meant: "2026-03-04", because: "months may be written out" },
  { typed: "24 Dec 2026 9:05", meant: "2026-12-24 09:05:00", because: "a meeting has a time" },
  { typed: "24.12.2026 kl. 14.30", meant: "2026-12-24 14:30:00", because: "Danish times have a point" },
  { typed: "12/24/2026", meant: "2026-12-24", because: "there is no month 24" },
  { typed: "Dec 24, 2026 9:05", meant: "2026-12-24 09:05:00", because: "Americans write the month first" },
  { typed: "2026-12-24 or so", meant: null, because: "nothing that was written is dropped" },
  { typed: "24 Dec 2026 or so", meant: null, because: "nothing that was written is dropped" },
  { typed: "24.13.2026", meant: null, because: "with points the day is always first" },
  { typed: "31/2/2026", meant: null, because: "February has no 31st" },
  { typed: "24 Foo 2026", meant: null, because: "there is no such month" },
  { typed: "soon", meant: null, because: "it is no date" },
  { typed: "24 Dec 2026 25:00", meant: null, because: "a day has 24 hours" },
];

test.each(cases)("$typed is $meant, because $because", ({ typed, meant }) => {
  expect(parseDate(typed)).toBe(meant);
});

test("5/4 is the fifth of April to a Dane and to the British, and May the fourth to an American", () => {
  expect(parseDate("5/4/2026", orderOf("da", ["en-US"]))).toBe("2026-04-05");
  expect(parseDate("5/4/2026", orderOf("en", ["en-GB", "en"]))).toBe("2026-04-05");
  expect(parseDate("5/4/2026", orderOf("en", ["en-US", "en"]))).toBe("2026-05-04");
});
