import { expect, test } from "vitest";
import { dateOrderOf, decimalOf, delimiterOf, encodingOf } from "./dialect.ts";
import { dayOf, momentOf, numberOf, yesOrNo } from "./values.ts";

test.each([
  ["1,234.56", ".", 1234.56],
  ["1.234,56", ",", 1234.56],
  ["1234,5", ",", 1234.5],
  ["1 234,56", ",", 1234.56],
  ["$1,054", ".", 1054],
  ["kr. 1.054,00", ",", 1054],
  ["-12", ".", -12],
  ["12,34", ".", undefined],
  ["1,2345", ".", undefined],
  ["12abc", ".", undefined],
  ["1e9", ".", undefined],
] as const)("the number %s with decimal %s is %s", (text, decimal, wanted) => {
  expect(numberOf(text, decimal)).toBe(wanted);
});

test.each([
  ["10/20/2016", "mdy", "2016-10-20"],
  ["3/1/2017", "mdy", "2017-03-01"],
  ["3/1/2017", "dmy", "2017-01-03"],
  ["22.11.2026", "dmy", "2026-11-22"],
  ["22-11-26", "dmy", "2026-11-22"],
  ["2026-11-22", "mdy", "2026-11-22"],
  ["2024-02-29", "ymd", "2024-02-29"],
  ["2023-02-29", "ymd", undefined],
  ["31/4/2020", "dmy", undefined],
  ["20/20/2016", "mdy", undefined],
  ["1/2/3", "mdy", undefined],
  ["yesterday", "dmy", undefined],
] as const)("the day %s written %s is %s", (text, order, wanted) => {
  expect(dayOf(text, order)).toBe(wanted);
});

test.each([
  ["22.11.2026 14.30", "dmy", "2026-11-22T14:30:00Z"],
  ["11/22/2026 2:30 pm", "mdy", "2026-11-22T14:30:00Z"],
  ["2026-11-22T14:30:05+01:00", "dmy", "2026-11-22T14:30:05+01:00"],
  ["2026-11-22", "dmy", "2026-11-22T00:00:00Z"],
  ["22.11.2026 25:00", "dmy", undefined],
] as const)("the moment %s written %s is %s", (text, order, wanted) => {
  expect(momentOf(text, order)).toBe(wanted);
});

test("yes and no are understood in both languages", () => {
  expect(["Ja", "yes", "1", "Nej", "false", "maybe"].map(yesOrNo)).toEqual([
    true,
    true,
    true,
    false,
    false,
    undefined,
  ]);
});

test("letters, delimiter, dates and numbers are told from the file", () => {
  expect(encodingOf(Buffer.from("Søren", "utf8"))).toBe("utf-8");
  expect(encodingOf(Buffer.from("Søren", "latin1"))).toBe("windows-1252");
  expect(delimiterOf('navn;værdi\n"A; B";1,5\nC;2,5\n')).toBe(";");
  expect(delimiterOf("name\tvalue\nA, B\t1\n")).toBe("\t");
  expect(delimiterOf("name\nA\n")).toBe(",");
  expect(dateOrderOf(["10/20/2016", "3/1/2017"], "da")).toBe("mdy");
  expect(dateOrderOf(["3/1/2017"], "da")).toBe("dmy");
  expect(dateOrderOf(["2016-10-20", "A"], "en")).toBe("ymd");
  expect(decimalOf(["1.234,56", "3"], ",")).toBe(",");
  expect(decimalOf(["1,234"], ";")).toBe(",");
  expect(decimalOf(["12.50"], ";")).toBe(".");
});
