import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startStorage, type Storage } from "#testing/s3-storage.ts";
import { areApart, diskOf } from "./disk-of.ts";
import { folderPlace } from "./folder-location.ts";
import { once, type BackupLocation, type BackupPlace } from "./location.ts";
import { openPlace } from "./open-place.ts";
import { s3Place } from "./s3-location.ts";

let storage: Storage;
let root: string;
beforeAll(async () => {
  storage = await startStorage();
  root = await mkdtemp(join(tmpdir(), "strongroom-places-"));
});
afterAll(async () => {
  await storage.close();
  await rm(root, { recursive: true, force: true });
});

// A storage that answers is waited for however busy the machine is; one that fails on purpose for less long.
const patient = { connectMilliseconds: 30_000, silentMilliseconds: 30_000, tries: 2 };
const failing = { connectMilliseconds: 1_500, silentMilliseconds: 1_500, tries: 2 };
const impatient = { connectMilliseconds: 300, silentMilliseconds: 300, tries: 2 };
const aFolder = () => folderPlace(join(root, randomUUID()));
const aPrefix = (limits = failing) =>
  s3Place(`s3://${storage.bucket}/${randomUUID()}`, storage.environment, limits);
const opened = async (place: BackupPlace) => place.open(await place.initialise());

async function bytesOf(location: BackupLocation, name: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of location.read(name)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Larger than one part of an upload. */
const large = randomBytes(20_000_000);
async function* inChunks(bytes: Buffer, breakAt = Infinity): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += 250_000) {
    if (from >= breakAt) throw new Error("the source broke");
    yield bytes.subarray(from, from + 250_000);
  }
}

const namesIn = async (location: BackupLocation, folder: string) =>
  (await location.list(folder)).map(({ name }) => name).sort();

describe.each([
  { kind: "a folder", place: aFolder },
  { kind: "S3 storage", place: () => aPrefix(patient) },
])("in $kind", ({ place }) => {
  test("of several who claim a name one is told that it is his, and nobody after him", async () => {
    const location = await opened(place());
    const tries = [1, 2, 3].map((each) => location.claim("owner/00000001", Buffer.from(`${each}`)));
    const told = await Promise.all(tries);
    expect(told.filter(Boolean)).toHaveLength(1);
    expect((await bytesOf(location, "owner/00000001")).toString()).toBe(String(told.indexOf(true) + 1));
    expect(await location.claim("owner/00000001", Buffer.from("late"))).toBe(false);
    expect(await namesIn(location, "owner")).toEqual(["owner/00000001"]);
  });

  test("what is put is read back byte for byte, and listed with its size and its time", async () => {
    const location = await opened(place());
    const stored = await location.put("base/one/server", inChunks(large));
    expect(stored.bytes).toBe(large.length);
    await location.put("base/one/empty", once(Buffer.alloc(0)));
    expect((await bytesOf(location, "base/one/server")).equals(large)).toBe(true);
    const listed = await location.list("base");
    expect(listed.map(({ name, bytes }) => ({ name, bytes }))).toEqual(
      expect.arrayContaining([
        { name: "base/one/empty", bytes: 0 },
        { name: "base/one/server", bytes: large.length },
      ]),
    );
    for (const { at } of listed) expect(Math.abs(Date.now() - at.getTime())).toBeLessThan(60_000);
  });

  test.each([0, 12_000_000])("nothing is seen of a file whose source broke after %i bytes", async (at) => {
    const location = await opened(place());
    await expect(location.put("base/one/server", inChunks(large, at))).rejects.toThrow("the source broke");
    expect(await location.list("base")).toEqual([]);
  });

  test("a folder is removed with everything below it and nothing beside it, and once more without complaint", async () => {
    const location = await opened(place());
    for (const name of ["base/1/a", "base/1/b/c", "base/10/a", "base/1.txt"])
      await location.put(name, once(Buffer.from(name)));
    for (let times = 0; times < 2; times++) await location.remove("base/1");
    expect(await namesIn(location, "base")).toEqual(["base/1.txt", "base/10/a"]);
    await location.remove("base/1.txt");
    expect(await namesIn(location, "base")).toEqual(["base/10/a"]);
    await location.clean();
  });

  test("a file that is not there is missing by name", async () => {
    const location = await opened(place());
    await expect(bytesOf(location, "wal/none")).rejects.toMatchObject({
      code: "missing",
      message: expect.stringContaining("wal/none is missing from"),
    });
  });

  test("its own place is known again, a place with other files is refused, and in another's nothing is written", async () => {
    const own = place();
    expect(await own.identity()).toBeUndefined();
    const identity = await own.initialise();
    expect(await own.initialise()).toBe(identity);
    await own.open(identity).put("wal/1", once(Buffer.from("1")));
    const inside = await openPlace(`${own.name}/wal`, storage.environment);
    await expect(inside.initialise()).rejects.toMatchObject({ code: "location_taken" });
    await expect(own.open("another").put("wal/2", once(Buffer.from("2")))).rejects.toMatchObject({
      code: "location_away",
    });
    expect(await namesIn(own.open(identity), "wal")).toEqual(["wal/1"]);
  });
});

test("more files than a storage tells of at once are all listed", async () => {
  const location = await opened(aPrefix(patient));
  const names = Array.from({ length: 1_030 }, (_, number) => `wal/${String(number).padStart(4, "0")}`);
  for (let from = 0; from < names.length; from += 50)
    await Promise.all(
      names.slice(from, from + 50).map((name) => location.put(name, once(Buffer.from(name)))),
    );
  expect(await namesIn(location, "wal")).toEqual(names);
});

test.each([
  { fault: "silent", code: "location_away", because: "does not answer (TimeoutError)" },
  { fault: "busy", code: "location_away", because: "does not answer (SlowDown)" },
  { fault: "denied", code: "access_denied", because: "Check AWS_ACCESS_KEY_ID" },
  { fault: "full", code: "location_full", because: "takes nothing more (QuotaExceeded)" },
] as const)("a storage that is $fault is told soon, as $code", async ({ fault, code, because }) => {
  const location = await opened(aPrefix());
  storage.fail(fault);
  try {
    for (const ask of [
      () => location.put("wal/1", once(Buffer.from("1"))),
      () => location.list("wal"),
      () => bytesOf(location, "wal/1"),
    ])
      await expect(ask()).rejects.toMatchObject({ code, message: expect.stringContaining(because) });
  } finally {
    storage.fail(undefined);
  }
  await location.put("wal/1", once(Buffer.from("1")));
});

test("a single busy answer is survived, and an upload that fails in its middle leaves nothing", async () => {
  const location = await opened(aPrefix());
  storage.fail("busy", 1);
  await location.put("wal/1", once(Buffer.from("1")));
  storage.fail("full", 1);
  await expect(location.put("base/1/large", inChunks(large))).rejects.toMatchObject({
    code: "location_full",
  });
  storage.fail(undefined);
  expect(await namesIn(location, "base")).toEqual([]);
});

test.each([
  { what: "a small file", bytes: 1_000 },
  { what: "a part of a large one", bytes: 20_000_000 },
])("$what that is changed on its way is not kept", async ({ bytes }) => {
  const location = await opened(aPrefix());
  storage.fail("changed", 1);
  await expect(location.put("wal/1", once(randomBytes(bytes)))).rejects.toMatchObject({ code: "damaged" });
  storage.fail(undefined);
  expect(await namesIn(location, "wal")).toEqual([]);
});

test("a connection that breaks in the middle of a large file is taken up again where it broke", async () => {
  const location = await opened(aPrefix());
  await location.put("base/1/large", inChunks(large));
  storage.fail("cut", 2);
  expect((await bytesOf(location, "base/1/large")).equals(large)).toBe(true);
  storage.fail("cut");
  await expect(bytesOf(location, "base/1/large")).rejects.toMatchObject({ code: "location_away" });
  storage.fail(undefined);
});

test("a large file is sent in parts that fit into memory", () => {
  expect(storage.largestRequestBytes()).toBeLessThan(9_000_000);
});

test.each([
  { name: "s3://", settings: {}, because: "names no bucket" },
  { name: "s3://Bucket", settings: {}, because: "names no bucket" },
  { name: "s3://bucket/a b", settings: {}, because: "names no bucket" },
  { name: "s3://bucket", settings: { STRONGROOM_S3_ENDPOINT: "" }, because: "Set STRONGROOM_S3_REGION" },
  { name: "s3://bucket", settings: { STRONGROOM_S3_ENDPOINT: "s3" }, because: "is an address such as" },
  {
    name: "s3://bucket",
    settings: { STRONGROOM_S3_ENDPOINT: "https://key:secret@s3.example.com" },
    because: "must hold no key",
  },
  { name: "s3://bucket", settings: { AWS_SECRET_ACCESS_KEY: "" }, because: "set AWS_ACCESS_KEY_ID" },
])("$name with $settings is refused: $because", ({ name, settings, because }) => {
  expect(() => s3Place(name, { ...storage.environment, ...settings })).toThrow(because);
});

test.each([
  { settings: {}, code: "location_away", because: "There is no bucket" },
  { settings: { AWS_ACCESS_KEY_ID: "stranger" }, code: "access_denied", because: "InvalidAccessKeyId" },
  {
    settings: { STRONGROOM_S3_ENDPOINT: "http://127.0.0.1:9" },
    code: "location_away",
    because: "does not answer (ECONNREFUSED)",
  },
])("a place that cannot be reached is told as $code: $because", async ({ settings, code, because }) => {
  const place = s3Place("s3://no-such-bucket/x", { ...storage.environment, ...settings }, impatient);
  await expect(place.initialise()).rejects.toMatchObject({ code, message: expect.stringContaining(because) });
});

test("an address of this very machine is not called separate, one elsewhere is", async () => {
  const separate = async (endpoint: string) => {
    const place = s3Place("s3://bucket", { ...storage.environment, STRONGROOM_S3_ENDPOINT: endpoint });
    return areApart(await diskOf(root), await place.ground());
  };
  for (const own of ["http://127.0.0.1:9000", "http://localhost", "http://[::1]:9000", "http://0.0.0.0"])
    expect(await separate(own)).toBe(false);
  expect(await separate("https://192.0.2.1")).toBe(true);
  expect(await separate("https://s3.invalid")).toBe(true);
  expect(areApart("storage s3.example.com", "storage s3.example.com")).toBe(false);
  expect(areApart(await aFolder().ground(), await aFolder().ground())).toBe(false);
});

test("a file beside the marker does not hide a folder's own backups", async () => {
  const place = aFolder();
  const identity = await place.initialise();
  await writeFile(join(place.name, "note.txt"), "");
  expect(await place.initialise()).toBe(identity);
});
