import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openLog } from "#platform/log/index.ts";
import { addTenant, openBackedUpHost, type BackedUpHost } from "#testing/backed-up-host.ts";
import { note } from "#testing/noted.ts";
import { startStorage, type Storage } from "#testing/s3-storage.ts";
import { once } from "../backup/location.ts";
import { packageMoment, packageNow } from "../package/make-package.ts";
import { verifyPackage } from "../package/manifest.ts";
import { drillTenant } from "../restore/drill.ts";
import { restoreBack } from "../restore/restore-back.ts";
import { restoreTenant } from "../restore/restore-tenant.ts";
import type { FileBackups } from "./file-backups.ts";
import { keepFile, removeFile, type FileStore } from "./file-store.ts";

const log = openLog({ level: "silent" });
const storesOf = (directory: string): FileStore[] => [
  { name: "attachments", root: join(directory, "files/attachments") },
];
let storage: Storage;
let host: BackedUpHost;
let store: FileStore;
/** Two files were there; then one of them and a newer one. */
let [first, second] = [new Date(), new Date()];

beforeAll(async () => {
  storage = await startStorage();
  const settings = { STRONGROOM_BACKUP: `s3://${storage.bucket}/server`, ...storage.environment };
  host = await openBackedUpHost(settings, storesOf);
  store = storesOf(host.directory)[0]!;
  await addTenant(host, "maven");
  await addTenant(host, "other");
  await host.backups.makeFull(host.server.connection, new Date());
  await upload("other", "untouched");
  await upload("maven", "old");
  await upload("maven", "kept");
  first = new Date();
  await remove("maven", "old");
  await upload("maven", "new");
  second = new Date();
  await remove("maven", "kept");
  await upload("maven", "newest");
  await host.backups.archiveAll(host.server.connection);
}, 120_000);
afterAll(async () => {
  await host.close();
  await storage.close();
});

const nameOf = (text: string) => createHash("sha256").update(text).digest("hex");
const databaseOf = async (key: string) => (await host.tenancy.show(key)).databaseName;

/** As a feature would: the file first, then the row that names it. */
async function upload(key: string, text: string): Promise<void> {
  await keepFile(store, await databaseOf(key), { name: nameOf(text) }, once(Buffer.from(text)));
  await note(host.tenancy, key, text);
}

async function remove(key: string, text: string): Promise<void> {
  await host.tenancy.asOwner(await host.tenancy.show(key), (owner) =>
    owner.query("DELETE FROM access.territory WHERE name = $1", [text]),
  );
  await removeFile(store, await databaseOf(key), nameOf(text), new Date());
  await delay(3);
}

/** The files of a tenant, of which each must be named by a row and each row must have one. */
async function filesOf(key: string): Promise<string[]> {
  const folder = join(store.root, await databaseOf(key));
  const names = (await readdir(folder).catch(() => [])).filter((name) => !name.includes("."));
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  const { rows } = await host.tenancy.asOwner(await host.tenancy.show(key), (owner) =>
    owner.query<{ name: string }>("SELECT name FROM access.territory WHERE id > 0 ORDER BY name"),
  );
  expect(texts.sort()).toEqual(rows.map(({ name }) => name));
  expect(names.sort()).toEqual(texts.map(nameOf).sort());
  return texts;
}

const recovery = () => {
  const { backups, tenancy, server } = host;
  return { backups, tenancy, connection: server.connection, log, requestedBy: "test" };
};

test("a restore brings back exactly the files of the moment, and going back exactly those of before it", async () => {
  const report = await restoreTenant(recovery(), { key: "maven", target: second }, new Date());
  expect(report.files).toMatchObject({ files: 2, bytes: 7 });
  expect(await filesOf("maven")).toEqual(["kept", "new"]);
  await upload("maven", "since");
  // Known to the backups as the new database's before it was in use.
  const { location } = host.backups;
  const folder = `files/attachments/${report.tenant.databaseName}`;
  expect((await location.list(folder)).length).toBeGreaterThanOrEqual(2);
  await restoreBack(recovery(), { key: "maven" }, new Date());
  expect(await filesOf("maven")).toEqual(["new", "newest"]);
  expect(await filesOf("other")).toEqual(["untouched"]);
}, 60_000);

test("under a new key a tenant has the files of the moment beside those of today, and a failure leaves none", async () => {
  await restoreTenant(recovery(), { key: "maven", target: first, as: "then" }, new Date());
  expect(await filesOf("then")).toEqual(["kept", "old"]);
  const before = await readdir(store.root);
  const at: FileBackups["at"] = async (...asked) => {
    const [file, ...others] = await host.backups.files!.at(...asked);
    return [file!, ...others.map((each) => ({ ...each, content: inHalf }))];
  };
  const failing = { ...recovery(), backups: { ...host.backups, files: { ...host.backups.files!, at } } };
  const wanted = { key: "maven", target: first, as: "never" };
  await expect(restoreTenant(failing, wanted, new Date())).rejects.toThrow("the disk is full");
  expect(await readdir(store.root)).toEqual(before);
}, 60_000);

async function* inHalf(): AsyncGenerator<Uint8Array> {
  yield Buffer.from("half");
  throw new Error("the disk is full");
}

test("a drill reads every file of the moment", async () => {
  const report = await drillTenant(recovery(), { key: "maven", target: first }, () => 0, new Date());
  expect(report.files).toEqual({ files: 2, bytes: 7 });
}, 60_000);

test("a package of now and one of a moment hold the files with their digests", async () => {
  const folder = (name: string) => join(dirname(host.directory), name);
  const now = await packageNow(
    { ...recovery(), stores: [store] },
    { key: "maven", folder: folder("now") },
    new Date(),
  );
  const wanted = { key: "maven", folder: folder("then"), target: second };
  const then = await packageMoment(recovery(), wanted, new Date());
  const uploads = ({ files }: typeof now) =>
    files
      .filter(({ path }) => path.startsWith("files/"))
      .map(({ path, sha256 }) => `${path} ${sha256}`)
      .sort();
  const expected = (texts: string[]) =>
    texts.map((text) => `files/attachments/${nameOf(text)} ${nameOf(text)}`).sort();
  expect([uploads(now), uploads(then)]).toEqual([expected(["new", "newest"]), expected(["kept", "new"])]);
  for (const name of ["now", "then"]) expect((await verifyPackage(folder(name))).problems).toEqual([]);
  await writeFile(join(folder("then"), "files/attachments", nameOf("kept")), "kept!");
  expect((await verifyPackage(folder("then"))).problems).toEqual([
    `files/attachments/${nameOf("kept")} was changed.`,
  ]);
}, 60_000);
