import { expect, test } from "vitest";
import { addressesIn } from "./addresses-in.ts";

const listed = (text: string) => addressesIn("STRONGROOM_PROXIES", { STRONGROOM_PROXIES: text });

test("addresses and networks are listed by comma, with or without spaces", () => {
  expect(listed("10.0.0.1, 192.168.0.0/16,, fd00::/8 ")).toEqual(["10.0.0.1", "192.168.0.0/16", "fd00::/8"]);
  expect(addressesIn("STRONGROOM_PROXIES", {})).toEqual([]);
});

test.each(["proxy.example", "10.0.0.1/33", "10.0.0", "10.0.0.1;10.0.0.2"])(
  "%s is named as what it is not",
  (wrong) => {
    expect(() => listed(`10.0.0.1,${wrong}`)).toThrow(
      `STRONGROOM_PROXIES must list addresses or networks by comma; "${wrong}" is none.`,
    );
  },
);
