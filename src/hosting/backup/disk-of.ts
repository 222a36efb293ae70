import { existsSync } from "node:fs";
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** What lies in memory is gone when the machine stops: no place for backups, whatever becomes of the disks. */
export const memory = "memory";
/** Set for throwaways alone, which have no second disk: what lies in memory counts as if it were one. */
export const memorySetting = "STRONGROOM_BACKUP_MEMORY";
export const memoryAccepted = "memory, taken for a disk";
/** Where storage at an address of this machine keeps its files: on which of the disks nobody can see. */
export const someDiskHere = "some disk of this machine";

const layersMax = 8;

/**
 * The disk a path lies on in the end, as a name to compare: partitions, volumes, files mounted as disks and parts of one
 * file system have that of what they lie on; several disks joined to one are named together. Storage reached over the
 * network is told by its host, what nobody can resolve by its device number.
 */
export async function diskOf(path: string, layers = layersMax): Promise<string> {
  const real = await realpath(path);
  const { dev } = await stat(real, { bigint: true });
  const found = await diskOfDevice(numbersOf(dev), layers);
  if (found !== undefined) return found;
  const mount = await mountOf(real);
  return (mount && (await diskOfMount(mount, layers))) ?? `device ${numbersOf(dev)}`;
}

const numbersOf = (dev: bigint): string =>
  `${((dev >> 32n) & 0xfffff000n) | ((dev >> 8n) & 0xfffn)}:${((dev >> 12n) & 0xffffff00n) | (dev & 0xffn)}`;

/** Undefined when that number is no block device. */
async function diskOfDevice(numbers: string, layers: number): Promise<string | undefined> {
  const known = `/sys/dev/block/${numbers}`;
  if (!existsSync(known)) return undefined;
  const device = await realpath(known);
  return diskUnder(existsSync(join(device, "partition")) ? dirname(device) : device, layers);
}

async function diskUnder(device: string, layers: number): Promise<string> {
  if (layers === 0) return someDiskHere;
  const file = await readFile(join(device, "loop/backing_file"), "utf8").catch(() => undefined);
  // A file that was removed, or lies where this program does not see it, still lies on some disk.
  if (file !== undefined) return diskOf(file.trimEnd(), layers - 1).catch(() => someDiskHere);
  const below = await readdir(join(device, "slaves")).catch(() => []);
  if (below.length === 0) return /^z?ram\d/.test(basename(device)) ? memory : `disk ${basename(device)}`;
  const disks = await Promise.all(below.map(async (name) => diskUnder(await wholeDevice(name), layers - 1)));
  return disks.every((disk) => disk.startsWith("disk "))
    ? `disk ${[...new Set(disks.flatMap(disksIn))].sort().join("+")}`
    : disks.find((disk) => !disk.startsWith("disk "))!;
}

async function wholeDevice(name: string): Promise<string> {
  const device = await realpath(`/sys/class/block/${name}`);
  return existsSync(join(device, "partition")) ? dirname(device) : device;
}

type Mount = { at: string; type: string; source: string; options: string };

/** The one a path lies in; of several on one folder the last. Undefined where the system keeps no such list. */
async function mountOf(path: string): Promise<Mount | undefined> {
  const text = await readFile("/proc/self/mountinfo", "utf8").catch(() => "");
  const mounts = text.split("\n").flatMap((line): Mount[] => {
    const [own, beside] = line.split(" - ");
    const [type, source, options] = beside?.split(" ") ?? [];
    const at = plain(own?.split(" ")[4] ?? "");
    return type === undefined ? [] : [{ at, type, source: plain(source ?? ""), options: options ?? "" }];
  });
  const within = mounts.filter(({ at }) => `${path}/`.startsWith(at === "/" ? at : `${at}/`));
  return within.reduce<Mount | undefined>(
    (deepest, each) => (each.at.length >= (deepest?.at.length ?? 0) ? each : deepest),
    undefined,
  );
}

/** Spaces and the like stand there as octal numbers. */
const plain = (text: string): string =>
  text.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCodePoint(Number.parseInt(octal, 8)));

async function diskOfMount({ type, source, options }: Mount, layers: number): Promise<string | undefined> {
  if (["tmpfs", "ramfs", "devtmpfs"].includes(type)) return memory;
  if (type === "zfs") return `disk pool ${source.split("/")[0]}`;
  const host = /^(?:\/\/)?([^/:@]+|\[[^\]]+\])(?::\/|\/)/.exec(source.startsWith("/dev/") ? "" : source)?.[1];
  if (/^(nfs|cifs|smb|ceph|fuse\.sshfs)/.test(type) && host !== undefined) return `storage ${host}`;
  if (source.startsWith("/dev/")) {
    const { rdev } = await stat(source, { bigint: true });
    return diskOfDevice(numbersOf(rdev), layers);
  }
  const upper = /(?:^|,)upperdir=([^,]+)/.exec(options)?.[1];
  if (upper !== undefined && layers > 0) return diskOf(upper, layers - 1).catch(() => undefined);
  return undefined;
}

const disksIn = (ground: string): string[] => ground.replace(/^disk /, "").split("+");

/** Whether what breaks the one leaves the other. What is away now is not called together with anything. */
export function areApart(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined) return true;
  const both = [one, other];
  if (one === other || both.includes(memory)) return false;
  const areHere = both.every((ground) => !ground.startsWith("storage "));
  if (areHere && both.includes(someDiskHere)) return false;
  return !disksIn(one).some((disk) => disksIn(other).includes(disk));
}

/** A backup on the data's own disk is lost with it. */
export async function areSeparate(dataFolder: string, backupFolder: string): Promise<boolean> {
  return areApart(await diskOf(dataFolder), await diskOf(backupFolder));
}

/** For a throwaway, which needs no place that lasts. */
export async function isInMemory(folder: string): Promise<boolean> {
  return (await diskOf(folder)) === memory;
}
