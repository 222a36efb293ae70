import { createSecretKey, randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { backupKey, keyringOf } from "./keyring.ts";
import { folderPlace } from "./folder-location.ts";
import { once } from "./location.ts";
import { keysOnSheet, sheetText } from "./recovery-sheet.ts";
import { loadBytes, storeFile } from "./store-file.ts";

const folder = await mkdtemp(join(tmpdir(), "strongroom-location-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

const key = backupKey(randomBytes(32), "2026-11-22T01-35-53Z");
const keyring = keyringOf([key]);
const place = folderPlace(folder);
const location = place.open(await place.initialise());
const content = Buffer.concat([Buffer.alloc(700_000, "row "), randomBytes(900_000)]);

async function stored(name: string): Promise<Buffer> {
  await storeFile(location, key, name, once(content));
  return readFile(join(folder, name));
}
const load = (name: string) => loadBytes(location, keyring, name);

test("what was stored comes back, and nothing of it can be read in the location", async () => {
  const bytes = await stored("wal/a");
  expect((await load("wal/a")).equals(content)).toBe(true);
  expect(bytes.includes("row row row")).toBe(false);
  await storeFile(location, key, "empty", once(Buffer.alloc(0)));
  expect((await load("empty")).length).toBe(0);
});

test.each([
  { what: "one flipped bit", change: (bytes: Buffer) => flipped(bytes, 600_000) },
  { what: "a flipped bit in its head", change: (bytes: Buffer) => flipped(bytes, 20) },
  { what: "a cut end", change: (bytes: Buffer) => bytes.subarray(0, -1) },
  { what: "a cut last frame", change: (bytes: Buffer) => bytes.subarray(0, 45 + 4 + 262_144 + 16) },
  {
    what: "a left-out frame",
    change: (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 45), bytes.subarray(45 + 262_164)]),
  },
  { what: "something added", change: (bytes: Buffer) => Buffer.concat([bytes, Buffer.from("x")]) },
  { what: "nothing left", change: () => Buffer.alloc(0) },
])("a file with $what is refused by its name", async ({ change }) => {
  await writeFile(join(folder, "wal/b"), change(await stored("wal/b")));
  await expect(load("wal/b")).rejects.toThrow(/wal\/b is damaged|key [0-9a-f]{16}, which is not here/);
});

test("a file under another's name is refused, and so is a missing one", async () => {
  await writeFile(join(folder, "wal/c"), await stored("wal/d"));
  await expect(load("wal/c")).rejects.toMatchObject({ code: "damaged" });
  await expect(load("wal/none")).rejects.toMatchObject({ code: "missing" });
});

test("a file of another key says which key it needs", async () => {
  const other = backupKey(randomBytes(32), "2026-11-23T01-35-53Z");
  await storeFile(location, other, "wal/e", once(content));
  await expect(load("wal/e")).rejects.toThrow(other.id);
});

test("keys come back from the sheet, however they are typed, and a slip of the pen is noticed", () => {
  const second = backupKey(randomBytes(32), "2026-11-23T01-35-53Z");
  const text = sheetText([key, second], "/mnt/backup");
  const typed = text.replace(
    /^ {2}([A-Z2-7-]+)$/gm,
    (_, letters: string) => `  ${letters.toLowerCase().replaceAll("-", " ")}`,
  );
  for (const sheet of [text, typed])
    expect(keysOnSheet(sheet).map(({ key: each }) => each.equals(createSecretKey(key.key.export())))).toEqual(
      [true, false],
    );
  const slip = text.replace(
    /^( {2})([A-Z2-7])/m,
    (_, space: string, letter: string) => space + (letter === "A" ? "B" : "A"),
  );
  expect(() => keysOnSheet(slip)).toThrow("mistyped");
  expect(() => keysOnSheet("a shopping list")).toThrow("no backup key");
});

test("a location that is not there any more is not written to", async () => {
  const gone = folderPlace(join(folder, "unmounted")).open("whatever");
  await expect(storeFile(gone, key, "a", once(content))).rejects.toMatchObject({ code: "location_away" });
  await expect(folderPlace(join(folder, "wal")).initialise()).rejects.toMatchObject({
    code: "location_taken",
  });
});

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
