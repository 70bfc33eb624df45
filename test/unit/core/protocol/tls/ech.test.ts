import fc from "fast-check";
import { expect, test } from "vitest";
import { readHello } from "../../../../../src/core/protocol/tls/assemble-hello.ts";
import { parseEchConfigs } from "../../../../../src/core/protocol/tls/parse-ech-configs.ts";
import {
  encodeEchConfigs,
  encodeHello,
  encodeOuterEch,
  type HelloFields,
  tlsRecords,
} from "../../../support/encode-hello.ts";
import { bytesOfHex, onlyHexFixture } from "../../../support/read-hex.ts";

const hello = (fields: HelloFields): unknown => readHello(tlsRecords(encodeHello(fields)));
const named = (facts: object): object => ({ status: "complete", hello: facts });

/** In base64, as in the HTTPS record of a provider's zone. */
const PUBLISHED = Uint8Array.from(
  Buffer.from(
    "AEX+DQBBpQAgACCB7+9u+n8oTTOoBTYcI1pvUHkzIXkSkGQAlfLsBGmLFQAEAAEAAQASY2xvdWRmbGFyZS1lY2guY29tAAA=",
    "base64",
  ),
);

test("the outer and the inner form of an encrypted hello are told apart", () => {
  expect(hello({ serverName: "front.example", ech: encodeOuterEch() })).toMatchObject(
    named({ serverName: "front.example", hasEch: true, ech: "outer" }),
  );
  expect(hello({ serverName: "real.example", ech: Uint8Array.of(1) })).toMatchObject(
    named({ serverName: "real.example", hasEch: true, ech: "inner" }),
  );
  expect(hello({ serverName: "a.example", ech: Uint8Array.of(7, 7) })).toMatchObject(
    named({ hasEch: true, ech: null }),
  );
  expect(hello({ serverName: "a.example", ech: new Uint8Array(0) })).toMatchObject(named({ hasEch: true, ech: null }));
  expect(hello({ serverName: "a.example" })).toMatchObject(named({ hasEch: false, ech: null }));
});

test("the highest version is that of supported_versions, made-up values aside", () => {
  const versions = (...list: readonly number[]): unknown => hello({ serverName: "a.example", versions: list });
  expect(versions(0x7a7a, 0x0304, 0x0303)).toMatchObject(named({ highestVersion: 0x0304, legacyVersion: 0x0303 }));
  expect(versions(0x0303, 0x0302)).toMatchObject(named({ highestVersion: 0x0303 }));
  expect(versions(0xfafa)).toMatchObject(named({ highestVersion: 0x0303 }));
  for (const legacyVersion of [0x0301, 0x0302, 0x0303]) {
    expect(hello({ serverName: "a.example", versions: [], legacyVersion })).toMatchObject(
      named({ serverName: "a.example", highestVersion: legacyVersion, legacyVersion }),
    );
  }
});

test("a hello of post-quantum size is read from records of any size", () => {
  const message = encodeHello({
    serverName: "pq.example",
    alpn: ["h2"],
    keyShareBytes: 1216,
    ech: encodeOuterEch(300),
  });
  expect(message.length).toBeGreaterThan(1600);
  for (const size of [1, 7, 1000, 16_384]) {
    expect(readHello(tlsRecords(message, size))).toMatchObject(named({ serverName: "pq.example", alpn: ["h2"] }));
  }
});

test("lists of versions, names and protocols that are cut are malformed", () => {
  const broken = (type: number, data: readonly number[]): unknown =>
    hello({ versions: [], others: [{ type, data: Uint8Array.from(data) }] });
  const malformed = { status: "failed", reason: "malformed" };
  expect(broken(43, [3, 3, 4])).toEqual(malformed);
  expect(broken(43, [3, 3, 4, 3])).toEqual(malformed);
  expect(broken(0, [0, 5, 0, 0, 9, 97, 97])).toEqual(malformed);
  expect(broken(16, [0, 3, 5, 104, 50])).toEqual(malformed);
});

test("server names with labels no name may have are none", () => {
  for (const serverName of [
    "a..b",
    ".a",
    "a".repeat(64),
    `${"a".repeat(50)}.`.repeat(6),
    "127.1",
    "0x7f000001",
    "::1",
  ]) {
    expect(hello({ serverName })).toMatchObject(named({ serverName: null }));
  }
  expect(hello({ serverName: "a1.2b" })).toMatchObject(named({ serverName: "a1.2b" }));
});

test("a published list of configurations tells its public name", () => {
  expect(parseEchConfigs(PUBLISHED)).toEqual(["cloudflare-ech.com"]);
  expect(parseEchConfigs(onlyHexFixture("tls/openssl-client-hello.hex"))).toBe(undefined);
});

test("each public name is told once; configurations of other versions, and names that are addresses, are passed over", () => {
  expect(parseEchConfigs(encodeEchConfigs(["A.example", "b.example", "a.example", "192.0.2.1", ""]))).toEqual([
    "a.example",
    "b.example",
  ]);
  expect(parseEchConfigs(encodeEchConfigs(["a.example"], 0xfe0c))).toEqual([]);
  expect(parseEchConfigs(bytesOfHex("0000"))).toEqual([]);
});

test("a list cut at any byte is malformed", () => {
  for (let length = 0; length < PUBLISHED.length; length += 1) {
    expect(parseEchConfigs(PUBLISHED.subarray(0, length))).toBe(undefined);
  }
});

test("no list holds more names than 64", () => {
  const names = Array.from({ length: 100 }, (_, index) => `n${index}.example`);
  expect(parseEchConfigs(encodeEchConfigs(names))).toEqual(names.slice(0, 64));
});

test("random and damaged lists never throw, and their names are printable ASCII", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(PUBLISHED.length - 1), fc.nat(255), (random, at, value) => {
      const damaged = PUBLISHED.slice();
      damaged[at] = value;
      for (const bytes of [random, damaged]) {
        for (const name of parseEchConfigs(bytes) ?? []) expect(name).toMatch(/^[a-z0-9_.\\-]+$/);
      }
    }),
    { numRuns: 3000 },
  );
});
