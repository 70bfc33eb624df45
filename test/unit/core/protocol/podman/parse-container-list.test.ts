import fc from "fast-check";
import { expect, test } from "vitest";
import { parseContainerList } from "../../../../../src/core/protocol/podman/parse-container-list.ts";

const ID = "3f4e8a1b".repeat(8);
const bytesOf = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

/** As podman 4.3 of Debian 12 writes it, shortened. */
const ENTRY = {
  id: ID,
  names: ["web-db"],
  image: "a".repeat(64),
  layer: "b".repeat(64),
  metadata: JSON.stringify({ "image-name": "images.example/library/postgres:16", name: "web-db", "created-at": 1 }),
  created: "2026-11-20T10:00:00Z",
  flags: { MountLabel: "", ProcessLabel: "" },
};

test("a list tells name and image of each container", () => {
  expect(parseContainerList(bytesOf([ENTRY]), 1000)).toEqual([
    { id: ID, ownerUid: 1000, name: "web-db", image: "images.example/library/postgres:16" },
  ]);
});

test.each([
  ["no name of a container", { ...ENTRY, names: ["../../etc/passwd"] }, null],
  ["a control character", { ...ENTRY, names: ["a\u001b[2J"] }, null],
  ["a bidirectional one", { ...ENTRY, names: ["a\u202e"] }, null],
  ["no text", { ...ENTRY, names: [7] }, null],
  ["too long", { ...ENTRY, names: ["a".repeat(129)] }, null],
  ["only in the metadata", { ...ENTRY, names: null }, "web-db"],
])("a name that is %s is not believed", (_, entry, name) => {
  expect(parseContainerList(bytesOf([entry]), null)[0]?.name).toBe(name);
});

test("what is no such list gives nothing", () => {
  for (const value of [null, {}, "x", [null], [[]], [{ id: 7 }], [{ id: "short", names: ["a"] }]]) {
    expect(parseContainerList(bytesOf(value), null)).toEqual([]);
  }
  expect(parseContainerList(bytesOf([{ id: ID, names: [], metadata: "{" }]), null)).toEqual([]);
});

test("a list cut at any byte gives nothing", () => {
  const whole = bytesOf([ENTRY]);
  for (let end = 0; end < whole.length; end += 1) expect(parseContainerList(whole.subarray(0, end), null)).toEqual([]);
});

test("random bytes and random JSON never throw", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void parseContainerList(bytes, null)));
  fc.assert(fc.property(fc.array(fc.jsonValue()), (value) => void parseContainerList(bytesOf(value), null)));
});
