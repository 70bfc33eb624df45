import { expect, test } from "vitest";
import { localityOf } from "../../../../src/core/model/locality.ts";

test.each([
  ["127.0.0.53", "loopback"],
  ["0.0.0.0", "loopback"],
  ["::1", "loopback"],
  ["::", "loopback"],
  ["10.1.2.3", "private"],
  ["172.15.255.255", "internet"],
  ["172.16.0.1", "private"],
  ["172.31.255.255", "private"],
  ["172.32.0.1", "internet"],
  ["192.168.1.1", "private"],
  ["100.64.0.1", "private"],
  ["100.128.0.1", "internet"],
  ["fd00::1", "private"],
  ["169.254.1.1", "link-local"],
  ["fe80::1", "link-local"],
  ["255.255.255.255", "link-local"],
  ["224.0.0.251", "multicast"],
  ["ff02::fb", "multicast"],
  ["1.1.1.1", "internet"],
  ["2606:4700::1111", "internet"],
  ["::ffff:0:1", "internet"],
])("%s is %s", (address, locality) => {
  expect(localityOf(address)).toBe(locality);
});
