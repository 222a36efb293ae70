import { existsSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/**
 * The disk a path lies on, as a name to compare: partitions of one disk have the same one. File systems
 * without a disk the kernel names (network, memory) are told apart by their device number.
 */
export function diskOf(path: string): string {
  const { dev } = statSync(path, { bigint: true });
  const major = Number(((dev >> 32n) & 0xfffff000n) | ((dev >> 8n) & 0xfffn));
  const minor = Number(((dev >> 12n) & 0xffffff00n) | (dev & 0xffn));
  const known = `/sys/dev/block/${major}:${minor}`;
  if (!existsSync(known)) return `device ${major}:${minor}`;
  const device = realpathSync(known);
  return `disk ${basename(existsSync(join(device, "partition")) ? dirname(device) : device)}`;
}

/** Where storage at an address of this machine keeps its files: on which of the disks nobody can see. */
export const someDiskHere = "some disk of this machine";

/** Whether what breaks the one leaves the other. What is away now is not called together with anything. */
export function areApart(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined) return true;
  const areHere = [one, other].every((ground) => !ground.startsWith("storage "));
  return one !== other && !(areHere && [one, other].includes(someDiskHere));
}

/** A backup on the data's own disk is lost with it. */
export function areSeparate(dataFolder: string, backupFolder: string): boolean {
  return areApart(diskOf(dataFolder), diskOf(backupFolder));
}
