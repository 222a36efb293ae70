import { expect, test } from "vitest";
import { networkOf, widerNetwork } from "./network.ts";

test.each([
  ["203.0.113.9", "203.0.113.9", "one IPv4 address is one customer"],
  ["::ffff:203.0.113.9", "203.0.113.9", "an IPv4 peer on an IPv6 socket is an IPv4 peer"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", "the last 64 bits are the customer's to choose"],
  ["2001:DB8:0001:2::6", "2001:db8:1:2::/64", "however it is written"],
  ["2001:db8::6", "2001:db8:0:0::/64", "zeros left out are zeros"],
  ["2001:db8::7:1:2:3:4", "2001:db8:0:7::/64", "few zeros may be left out"],
  ["::1", "0:0:0:0::/64", "this machine"],
  ["fe80::1%eth0", "fe80:0:0:0::/64", "a zone is no part of the address"],
  ["64:ff9b::192.0.2.1", "64:ff9b:0:0::/64", "an IPv4 ending is two groups"],
  ["0.0.0.0", "0.0.0.0", "a peer that has gone"],
])("%s counts with %s: %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test("networks are taken together by their provider's", () => {
  expect(widerNetwork(networkOf("2001:db8:1:2::6"))).toBe("2001:db8::/32");
  expect(widerNetwork(networkOf("203.0.113.9"))).toBe("203.0.0.0/16");
});
