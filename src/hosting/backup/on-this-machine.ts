import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { networkInterfaces } from "node:os";

/** Whether a host name or address leads back to this very machine. False for a name nobody knows at present. */
export async function isOnThisMachine(hostname: string): Promise<boolean> {
  const host = hostname.replace(/^\[|\]$/g, "");
  const found = isIP(host)
    ? [{ address: host }]
    : await lookup(host, { all: true }).catch(() => [] as { address: string }[]);
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return found.some(({ address }) => isLoopback(address) || own.some((each) => each.address === address));
}

const isLoopback = (address: string): boolean =>
  /^(::ffff:)?127\./.test(address) || ["::1", "::", "0.0.0.0"].includes(address);
