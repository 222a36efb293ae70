import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startStorage, type Storage } from "#testing/s3-storage.ts";
import { openBuiltIn } from "./open-backups.ts";

let storage: Storage;
beforeAll(async () => {
  storage = await startStorage();
});
afterAll(() => storage.close());

test.each([
  { what: "itself", copyOf: (first: string) => first },
  { what: "itself with a slash", copyOf: (first: string) => `${first}/./` },
  { what: "a folder within it", copyOf: (first: string) => join(first, "second") },
  {
    what: "a link to it",
    copyOf: async (first: string) => {
      const link = `${first}.link`;
      await symlink(first, link);
      return link;
    },
  },
])("a second location that is $what is refused, however much is accepted", async ({ copyOf }) => {
  const root = await mkdtemp(join(tmpdir(), "strongroom-second-"));
  const first = join(root, "first");
  await mkdir(first);
  const environment = {
    STRONGROOM_BACKUP: first,
    STRONGROOM_BACKUP_COPY: await copyOf(first),
    STRONGROOM_BACKUP_SAME_DISK: "accept",
  };
  await expect(openBuiltIn(join(root, "data"), environment, new Date())).rejects.toMatchObject({
    code: "same_place",
  });
  await rm(root, { recursive: true });
});

test("the same bucket and prefix under another address is refused, and so is another one on the same storage unless accepted", async () => {
  const root = await mkdtemp(join(tmpdir(), "strongroom-second-"));
  const { STRONGROOM_S3_ENDPOINT: endpoint = "" } = storage.environment;
  const open = (settings: Record<string, string>) =>
    openBuiltIn(
      join(root, "data"),
      { ...storage.environment, STRONGROOM_BACKUP: `s3://${storage.bucket}/one`, ...settings },
      new Date(),
    );
  const accept = { STRONGROOM_BACKUP_SAME_DISK: "accept" };
  await open(accept);
  await expect(
    open({
      ...accept,
      STRONGROOM_BACKUP_COPY: `s3://${storage.bucket}/one/`,
      COPY_STRONGROOM_S3_ENDPOINT: endpoint.replace("127.0.0.1", "localhost"),
    }),
  ).rejects.toMatchObject({ code: "same_place" });
  const other = { STRONGROOM_BACKUP_COPY: `s3://${storage.bucket}/two` };
  await expect(open(other)).rejects.toMatchObject({ code: "same_disk" });
  expect((await open({ ...accept, ...other }))?.copy?.name).toBe(`s3://${storage.bucket}/two`);
  await rm(root, { recursive: true });
});
