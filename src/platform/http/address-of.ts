import { isIPv4, isIPv6, SocketAddress } from "node:net";

/** Stands where an address is missing. */
export const nowhere = "0.0.0.0";

const ipv4AndPort = /^([\d.]{7,15}):\d{1,5}$/;
const ipv6InBrackets = /^\[([\da-f:.]{2,45})\](?::\d{1,5})?$/i;

/**
 * The one spelling of an address, as the database takes it: some proxies add the visitor's port, or write an IPv4
 * address as an IPv6 one; what is no address ("unknown", "unix:") is nowhere.
 */
export function addressOf(told: string): string {
  if (isIPv4(told)) return told;
  const bare = ipv4AndPort.exec(told)?.[1] ?? ipv6InBrackets.exec(told)?.[1] ?? told;
  if (isIPv4(bare)) return bare;
  if (!isIPv6(bare)) return nowhere;
  const { address } = new SocketAddress({ address: bare, family: "ipv6" });
  return address.replace(/^::ffff:(?=\d+\.)/, "");
}
