import { expect, test } from "vitest";
import { isThisMachine } from "../../../../src/core/naming/this-machine.ts";

test.each(["localhost", "localhost.localdomain", "localhost6.localdomain6", "ip6-localhost", "ip6-loopback", "myhost"])(
  "%s says no more than the address",
  (name) => expect(isThisMachine(name)).toBe(true),
);

test.each(["db.corp.example", "app.localhost", "localhost.example.org"])("%s is a name somebody chose", (name) =>
  expect(isThisMachine(name)).toBe(false),
);
