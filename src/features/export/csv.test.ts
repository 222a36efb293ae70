import { expect, test } from "vitest";
import { csvLine } from "./csv.ts";

test.each([
  { cell: "=1+1", line: "'=1+1", because: "it would run" },
  { cell: "＝1+1", line: "'＝1+1", because: "some spreadsheets take a full-width sign for the plain one" },
  { cell: "－2+3", line: "'－2+3", because: "so it is with the full-width minus" },
  {
    cell: "a;=1+1",
    line: `"a;'=1+1"`,
    because: "a spreadsheet that divides at semicolons would run the rest",
  },
  {
    cell: 'a; "=1+1',
    line: `"a; ""'=1+1"`,
    because: "quotation marks and spaces before the sign change nothing",
  },
  { cell: "a\t@SUM(1)", line: `"a\t'@SUM(1)"`, because: "so would one that divides at tabs" },
  {
    cell: "a\n+cmd()",
    line: `"a\n'+cmd()"`,
    because: "so would one that takes the line break for a row's end",
  },
  { cell: "\t=1", line: `"'\t'=1"`, because: "a tab before it is left out by some" },
  { cell: "a,=1", line: `"a,'=1"`, because: "a Danish file may be read as an English one" },
  { cell: "+45 12 34 56 78", line: "+45 12 34 56 78", because: "a phone number stays one" },
  { cell: "Home; +45 12 34 56 78", line: "Home; +45 12 34 56 78", because: "also after a semicolon" },
  { cell: "Hello, -John", line: `"Hello, -John"`, because: "prose stays as it was written" },
  { cell: -5.5, line: "-5.5", because: "a number is a number" },
])("$cell is exported so that it stays data: $because", ({ cell, line }) => {
  expect(csvLine([cell])).toBe(`${line}\r\n`);
});

test("a Danish file has semicolons between cells and commas before decimals", () => {
  expect(csvLine(["Sørensen, Ørsted", 1234.5, null], "da")).toBe("Sørensen, Ørsted;1234,5;\r\n");
});
