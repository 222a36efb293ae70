import { expect, test } from "vitest";
import { parseDate } from "./parse-date.ts";

const cases: { typed: string; meant: string | null; because: string }[] = [
  { typed: "2026-12-24", meant: "2026-12-24", because: "ISO is what machines paste" },
  { typed: "24.12.2026", meant: "2026-12-24", because: "Danes write points" },
  { typed: "24/12/2026", meant: "2026-12-24", because: "the British write strokes" },
  { typed: "4. mar. 2026", meant: "2026-03-04", because: "the list shows it so in Danish" },
  { typed: "4 March 2026", meant: "2026-03-04", because: "months may be written out" },
  { typed: "24 Dec 2026 9:05", meant: "2026-12-24 09:05:00", because: "a meeting has a time" },
  { typed: "24.12.2026 kl. 14.30", meant: "2026-12-24 14:30:00", because: "Danish times have a point" },
  { typed: "31/2/2026", meant: null, because: "February has no 31st" },
  { typed: "24 Foo 2026", meant: null, because: "there is no such month" },
  { typed: "soon", meant: null, because: "it is no date" },
  { typed: "24 Dec 2026 25:00", meant: null, because: "a day has 24 hours" },
];

test.each(cases)("$typed is $meant, because $because", ({ typed, meant }) => {
  expect(parseDate(typed)).toBe(meant);
});
