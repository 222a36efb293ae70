import { randomBytes } from "node:crypto";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBackedUpHost, type BackedUpHost } from "#testing/backed-up-host.ts";
import { makeBaseBackup } from "./base-backup.ts";
import { builtInBackups } from "./built-in.ts";
import { readCatalog } from "./catalog.ts";
import { checkBackups } from "./daily.ts";
import { keyringOf, keysFolder, makeKey, readKeys } from "./keyring.ts";
import { keysOnSheet, sheetText } from "./recovery-sheet.ts";
import { backupStatus } from "./status.ts";

let host: BackedUpHost;
beforeAll(async () => {
  host = await openBackedUpHost();
  await makeBaseBackup(host.backups, host.server.connection, new Date());
}, 60_000);
afterAll(() => host.close());

test("a key that is gone or changed in the data folder fails the daily check, though the program still holds it", async () => {
  const { backups, directory } = host;
  const check = () => checkBackups(backups, new Date());
  const [file = ""] = await readdir(keysFolder(directory));
  const path = join(keysFolder(directory), file);
  const bytes = await readFile(path);
  expect(await check()).toContain("and all of them opened");
  await rm(path);
  await expect(check()).rejects.toThrow(`Backup key ${backups.keyring.current.id} is gone`);
  await writeFile(path, randomBytes(32));
  await expect(check()).rejects.toMatchObject({ code: "key_wrong" });
  const { problems } = await backupStatus(backups, new Date());
  expect(problems.find(({ code }) => code === "check_failed")?.words).toContain(
    "strongroom backup key SHEET",
  );
  await writeFile(path, bytes);
  expect(await check()).toContain("and all of them opened");
});

test("after a new key what is older opens with the old one, and only both on the sheet open everything", async () => {
  const { backups, directory, server } = host;
  const old = backups.keyring.current;
  const made = await makeKey(directory, new Date(Date.now() + 1_000));
  const rotated = builtInBackups({ ...backups, keyring: keyringOf(await readKeys(directory)) });
  expect(rotated.keyring.current.id).toBe(made.id);
  const [before = ""] = (await readCatalog(backups.location, backups.keyring)).bases.map(
    ({ label }) => label,
  );
  const { label } = await makeBaseBackup(rotated, server.connection, new Date(Date.now() + 1_000));
  expect(await checkBackups(rotated, new Date())).toContain("and all of them opened");
  const sheet = keysOnSheet(sheetText(await readKeys(directory), "here"));
  expect(sheet.map(({ id }) => id)).toEqual([old.id, made.id]);
  for (const [keys, opens] of [
    [sheet, [before, label]],
    [[old], [before]],
    [[made], [label]],
  ] as const) {
    const { bases } = await readCatalog(backups.location, keyringOf(keys));
    expect(bases.map((each) => each.label)).toEqual(opens);
  }
});
