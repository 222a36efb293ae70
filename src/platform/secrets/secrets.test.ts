import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openHostKey, randomName, seal, unseal, writeSecret, writeSecretOnce } from "./index.ts";

const aFolder = () => mkdtemp(join(tmpdir(), "strongroom-secrets-"));

test("a sealed text opens with its own key and context only, and not when a bit was changed", async () => {
  const key = await openHostKey(await aFolder());
  const sealed = seal(key, "hemmelig æøå", "tenant 1");
  expect(unseal(key, sealed, "tenant 1")).toBe("hemmelig æøå");
  expect(() => unseal(key, sealed, "tenant 2")).toThrow("does not open");
  for (let at = "v1.".length; at < sealed.length; at++) {
    const other = sealed[at] === "A" ? "B" : "A";
    expect(() => unseal(key, sealed.slice(0, at) + other + sealed.slice(at + 1), "tenant 1")).toThrow(
      "does not open",
    );
  }
  const other = await openHostKey(await aFolder());
  expect(() => unseal(other, sealed, "tenant 1")).toThrow("does not open");
  expect(seal(key, "same", "x")).not.toBe(seal(key, "same", "x"));
});

test("the host's key is made once, for nobody else to read, and a damaged one is refused", async () => {
  const folder = await aFolder();
  const keys = await Promise.all([openHostKey(folder), openHostKey(folder), openHostKey(folder)]);
  expect(new Set(keys.map((key) => key.export().toString("hex"))).size).toBe(1);
  const path = join(folder, "host.key");
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  await chmod(path, 0o600);
  await writeFile(path, randomBytes(31));
  await expect(openHostKey(folder)).rejects.toThrow("exactly 32 bytes");
});

test("a secret file is never overwritten", async () => {
  const path = join(await aFolder(), "secret");
  await writeSecretOnce(path, "first");
  await writeSecretOnce(path, "second");
  expect(await readFile(path, "utf8")).toBe("first");
});

test("a secret file is replaced whole, for nobody else to read, by many at once, and no draft is left", async () => {
  const folder = await aFolder();
  const path = join(folder, "secret");
  await writeFile(path, "before", { mode: 0o644 });
  const contents = Array.from({ length: 20 }, (_, number) => String(number).repeat(100_000));
  const writing = Promise.all(contents.map((content) => writeSecret(path, content)));
  for (let look = 0; look < 20; look++)
    expect(["before", ...contents]).toContain(await readFile(path, "utf8"));
  await writing;
  expect(await readdir(folder)).toEqual(["secret"]);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test("random names are long, plain and different", () => {
  const names = Array.from({ length: 1_000 }, () => randomName("t"));
  expect(new Set(names).size).toBe(1_000);
  for (const name of names) expect(name).toMatch(/^t[a-z2-7]{26}$/);
});
