import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync, Visitor } from "oxc-parser";
import { analyse } from "scslre";
import { expect, test } from "vitest";
import { formats } from "./shape-texts.ts";

type Expression = { source: string; flags: string; where: string };

const root = join(import.meta.dirname, "../..");
const files = globSync("{src,bin,bench,specs}/**/*.{ts,tsx,js,mjs}", { cwd: root });
const ofTests = (path: string) => /\.test\.tsx?$|^specs\/|^src\/testing\//.test(path);

const written: Expression[] = formats.map(({ source, flags }) => ({ source, flags, where: "a format" }));
const built: string[] = [];
for (const path of files) {
  const isBuilt = ({ callee }: { callee: { type: string } }) => {
    if ("name" in callee && callee.name === "RegExp" && !ofTests(path)) built.push(path);
  };
  new Visitor({
    Literal(node) {
      if ("regex" in node) written.push({ source: node.regex.pattern, flags: node.regex.flags, where: path });
    },
    NewExpression: isBuilt,
    CallExpression: isBuilt,
  }).visit(parseSync(path, readFileSync(join(root, path), "utf8")).program);
}

/** How an expression may take more than linear time: two parts that trade characters, or every start anew. */
const faults = ({ source, flags }: Pick<Expression, "source" | "flags">): string[] =>
  analyse({ source, flags }).reports.map(({ type }) => type);

test("an expression is written out, so that it can be judged", () => {
  expect(built).toEqual([]);
});

test("no expression takes more than linear time, whatever the text", () => {
  const found = written.filter((one) => faults(one).length > 0);
  expect(
    found.map(({ source, flags, where }) => `${where}: ${source} (${faults({ source, flags })}) `),
  ).toEqual([]);
});

test.each([
  [String.raw`^[^\s@]+@[^\s@]+\.[^\s@]+$`, ["Trade"]],
  [String.raw`\s+$`, ["Move"]],
  [String.raw`^(?:a+)+$`, ["Self"]],
])("the check finds what is wrong with %s", (source, wrong) => {
  expect(faults({ source, flags: "" })).toEqual(wrong);
});

test("the check sees the code it judges", () => {
  expect(written.filter(({ where }) => !ofTests(where)).length).toBeGreaterThan(80);
  expect(formats.length).toBeGreaterThan(2);
});
