import { isIPv6 } from "node:net";

/**
 * The network an address counts with: an IPv4 address stands for itself, an IPv6 one for its /64, of which every
 * customer of a provider has at least one whole.
 */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const [head = "", tail] = (address.split("%")[0] ?? "").split("::");
  const before = groupsOf(head);
  const after = tail === undefined ? [] : groupsOf(tail);
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  const groups = [...before, ...Array<string>(Math.max(0, zeros)).fill("0"), ...after];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":")}::/64`;
}

/** An IPv4 ending (`::1.2.3.4`) counts as the two groups it stands for; they lie behind the first four. */
const groupsOf = (text: string): string[] =>
  text === "" ? [] : text.replace(/\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}$/, "0:0").split(":");

/** The network many networks lie in: what a provider has of either kind, as a rule. */
export function widerNetwork(network: string): string {
  const isSix = network.includes(":");
  const [first = "0", second = "0"] = network.split(isSix ? ":" : ".");
  return isSix ? `${first}:${second}::/32` : `${first}.${second}.0.0/16`;
}
