import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { noteFile } from "./note-file.ts";

const noted = noteFile<{ at: string }>("runs.json");
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "strongroom-notes-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

test("nothing is noted at first, and then what was noted last", async () => {
  expect(await noted.read(directory)).toBeUndefined();
  await noted.keep(directory, { at: "then" });
  await noted.keep(directory, { at: "now" });
  expect(await noted.read(directory)).toEqual({ at: "now" });
});

test("a damaged note is refused by its path, with what to do", async () => {
  const path = join(directory, "backup/runs.json");
  await writeFile(path, "");
  await expect(noted.read(directory)).rejects.toMatchObject({
    code: "damaged",
    message: expect.stringMatching(/runs\.json is damaged .+ Move it away/),
  });
});
