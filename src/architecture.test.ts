import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { parseSync } from "oxc-parser";
import { expect, test } from "vitest";

/** Who lies above whom: a folder imports only from folders to its left (design: imports run downhill). */
const order = ["core", "platform", "access", "records", "modules", "features", "hosting", "controls", "apps"];
const source = import.meta.dirname;

type File = {
  path: string;
  folder: string;
  web: boolean;
  lines: number;
  imports: { from: string; target: string | undefined }[];
};

const files = globSync("**/*.{ts,tsx}", { cwd: source }).map(read);
const product = files.filter((file) => file.folder !== "testing" && !/\.test\.tsx?$/.test(file.path));

function read(path: string): File {
  const text = readFileSync(join(source, path), "utf8");
  const { module } = parseSync(path, text);
  const specifiers = [
    ...module.staticImports.map((each) => each.moduleRequest.value),
    ...module.staticExports.flatMap((each) =>
      each.entries.flatMap((entry) => entry.moduleRequest?.value ?? []),
    ),
  ];
  const lazy = [...text.matchAll(/\bimport\("([^"]+)"\)/g)].map(([, from]) => from ?? "");
  return {
    path,
    folder: path.split("/")[0] ?? "",
    web: /(^|\/)web\//.test(path),
    lines: text.split("\n").length,
    imports: [...specifiers, ...lazy].map((from) => ({ from, target: targetOf(path, from) })),
  };
}

/** The imported file, relative to src/; undefined for packages. */
function targetOf(path: string, from: string): string | undefined {
  if (from.startsWith("#")) return from.slice(1);
  return from.startsWith(".") ? normalize(relative(".", join(dirname(path), from))) : undefined;
}

const inside = product.flatMap((file) =>
  file.imports.flatMap(({ from, target }) =>
    target === undefined ? [] : [{ file, from, target, folder: target.split("/")[0] ?? "" }],
  ),
);

test("imports run downhill only", () => {
  const uphill = inside.filter(
    ({ file, folder }) =>
      order.includes(file.folder) &&
      order.includes(folder) &&
      !file.web &&
      order.indexOf(folder) > order.indexOf(file.folder),
  );
  expect(uphill.map(({ file, from }) => `${file.path} imports ${from}`)).toEqual([]);
});

test("core imports nothing of ours", () => {
  expect(
    inside
      .filter(({ file, folder }) => file.folder === "core" && folder !== "core")
      .map(({ file, from }) => `${file.path} imports ${from}`),
  ).toEqual([]);
});

test("a folder is entered only through its door", () => {
  const doors = inside.filter(({ file, target, folder }) => {
    const within = (path: string) =>
      folder === "platform" || folder === "features" || folder === "modules"
        ? path.split("/").slice(0, 2).join("/")
        : folder;
    if (within(file.path) === within(target) || /^[^/]+\.ts$/.test(target)) return false;
    const sameFolder = file.folder === folder && folder === "modules";
    return !sameFolder && !target.endsWith("/index.ts") && !target.endsWith(".css");
  });
  expect(doors.map(({ file, from }) => `${file.path} enters by ${from}`)).toEqual([]);
});

test("the web app imports no server code, and the server no web code", () => {
  const web = inside.filter(
    ({ file, target, folder }) =>
      (file.web || file.folder === "ui") && !(folder === "ui" || /(^|\/)web\//.test(target)),
  );
  const server = inside.filter(
    ({ file, target, folder }) =>
      !file.web && file.folder !== "ui" && (folder === "ui" || /(^|\/)web\//.test(target)),
  );
  expect([...web, ...server].map(({ file, from }) => `${file.path} imports ${from}`)).toEqual([]);
});

test("only stores, core, platform and access speak SQL", () => {
  const speaks = product.filter((file) =>
    file.imports.some(({ from }) => /^(kysely|pg|pg-copy-streams)(\/|$)/.test(from)),
  );
  const wrong = speaks.filter(
    (file) => !["core", "platform", "access"].includes(file.folder) && !file.path.endsWith(".store.ts"),
  );
  expect(wrong.map((file) => file.path)).toEqual([]);
});

test("nothing of a test reaches the product", () => {
  expect(
    inside
      .filter(({ target, folder }) => folder === "testing" || /\.test\.tsx?$/.test(target))
      .map(({ file, from }) => `${file.path} imports ${from}`),
  ).toEqual([]);
});

test("no file is longer than 250 lines", () => {
  expect(files.filter((file) => file.lines > 251).map((file) => `${file.path}: ${file.lines}`)).toEqual([]);
});

test("these rules see the code they judge", () => {
  expect(product.length).toBeGreaterThan(100);
  expect(inside.length).toBeGreaterThan(300);
});
