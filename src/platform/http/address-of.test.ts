import { expect, test } from "vitest";
import { addressOf } from "./address-of.ts";

test.each([
  { told: "203.0.113.9", is: "203.0.113.9" },
  { told: "203.0.113.9:51008", is: "203.0.113.9" },
  { told: "::ffff:203.0.113.9", is: "203.0.113.9" },
  { told: "::FFFF:cb00:7109", is: "203.0.113.9" },
  { told: "2001:DB8:0::7", is: "2001:db8::7" },
  { told: "[2001:db8::7]:443", is: "2001:db8::7" },
  { told: "[2001:db8::7]", is: "2001:db8::7" },
  { told: "fe80::1%eth0.100", is: "fe80::1" },
  { told: "unknown", is: "0.0.0.0" },
  { told: "unix:", is: "0.0.0.0" },
  { told: "", is: "0.0.0.0" },
  { told: "203.0.113.9:51008:1", is: "0.0.0.0" },
  { told: "203.0.113", is: "0.0.0.0" },
])("a visitor of whom his proxy tells $told comes from $is", ({ told, is }) => {
  expect(addressOf(told)).toBe(is);
});
