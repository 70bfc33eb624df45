import dnsPacket from "dns-packet";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createCursor } from "../../../../../src/core/protocol/byte-cursor.ts";
import { parseMessage } from "../../../../../src/core/protocol/dns/parse-message.ts";
import { readName } from "../../../../../src/core/protocol/dns/read-name.ts";
import { bytesOfHex, readHexFixture } from "../../../support/read-hex.ts";

const nameAt = (bytes: Uint8Array, offset: number): string | undefined => readName(createCursor(bytes, offset));

/** RFC 1035 section 4.1.4: names of a datagram at 20, 40, 64 and 92. */
function rfc1035Datagram(): Uint8Array {
  const bytes = new Uint8Array(93);
  bytes.set(bytesOfHex("01 46 03 495349 04 41525041 00"), 20); // F.ISI.ARPA
  bytes.set(bytesOfHex("03 464f4f c014"), 40); // FOO, then F.ISI.ARPA
  bytes.set(bytesOfHex("c01a"), 64); // ARPA
  bytes.set(bytesOfHex("00"), 92); // the root
  return bytes;
}

test("the compressed names of RFC 1035 section 4.1.4 are read", () => {
  const bytes = rfc1035Datagram();
  expect([20, 40, 64, 92].map((offset) => nameAt(bytes, offset))).toEqual([
    "f.isi.arpa",
    "foo.f.isi.arpa",
    "arpa",
    ".",
  ]);
});

test("the cursor stands behind the pointer after a compressed name", () => {
  const cursor = createCursor(rfc1035Datagram(), 40);
  readName(cursor);
  expect(cursor.offset).toBe(46);
});

test("a pointer to itself, forward, or into a part already read is refused", () => {
  expect(nameAt(bytesOfHex("c000"), 0)).toBe(undefined);
  expect(nameAt(bytesOfHex("c002 0161 00"), 0)).toBe(undefined);
  expect(nameAt(bytesOfHex("0161 c000"), 0)).toBe(undefined);
  expect(nameAt(bytesOfHex("0161 c002 c000"), 4)).toBe(undefined);
});

test("a chain of pointers in a 64 KiB message ends", () => {
  const bytes = new Uint8Array(16_384);
  for (let at = 2; at < bytes.length; at += 2) bytes.set([0xc0 | ((at - 2) >> 8), (at - 2) & 0xff], at);
  expect(nameAt(bytes, 16_382)).toBe(".");
});

test("a name of more than 255 bytes is refused, one of 255 is read", () => {
  const label = `3f${"61".repeat(63)}`;
  const longest = bytesOfHex(`${label.repeat(3)}3d${"61".repeat(61)}00`);
  expect(longest.length).toBe(255);
  expect(nameAt(longest, 0)?.length).toBe(253);
  expect(nameAt(bytesOfHex(`${label.repeat(3)}3e${"61".repeat(62)}00`), 0)).toBe(undefined);
});

test("reserved label types are refused", () => {
  expect(nameAt(bytesOfHex(`40${"61".repeat(64)}00`), 0)).toBe(undefined);
  expect(nameAt(bytesOfHex(`80${"61".repeat(128)}00`), 0)).toBe(undefined);
});

test("bytes that could trick a reader are escaped", () => {
  expect(nameAt(bytesOfHex("051b5b32 4a2e 0378 ff2a 00"), 0)).toBe("\\027\\0912j\\046.x\\255\\042");
});

test("underscores, digits and hyphens stay, upper case becomes lower case", () => {
  expect(nameAt(bytesOfHex("055f444d2d31 00"), 0)).toBe("_dm-1");
});

test("real answers of dnsmasq are read", () => {
  const messages = readHexFixture("dns/dnsmasq.hex").map((bytes) => parseMessage(bytes));
  expect(messages.map((message) => message?.questions)).toEqual([
    [{ name: "www.telltale.test", type: 1 }],
    [{ name: "www.telltale.test", type: 1 }],
    [{ name: "alias.telltale.test", type: 1 }],
    [{ name: "alias.telltale.test", type: 1 }],
    [{ name: "alias.telltale.test", type: 28 }],
    [{ name: "alias.telltale.test", type: 28 }],
  ]);
  expect(messages[1]).toEqual({
    id: 0x0fe2,
    isResponse: true,
    opcode: 0,
    isTruncated: false,
    responseCode: 0,
    questions: [{ name: "www.telltale.test", type: 1 }],
    answers: [{ kind: "address", name: "www.telltale.test", ttlSec: 0, address: "198.51.100.7" }],
  });
  expect(messages[5]?.answers).toEqual([
    { kind: "cname", name: "alias.telltale.test", ttlSec: 0, target: "host.telltale.test" },
    { kind: "address", name: "host.telltale.test", ttlSec: 0, address: "2001:db8::9" },
  ]);
});

test("a query is not a response, and its id and name are read", () => {
  expect(parseMessage(readHexFixture("dns/dnsmasq.hex")[0] ?? new Uint8Array(0))).toMatchObject({
    id: 0x0fe2,
    isResponse: false,
    answers: [],
  });
});

/** The end of the answer section: the OPT record behind it (11 bytes) is not read. */
test.each(readHexFixture("dns/dnsmasq.hex").map((bytes, index) => ({ bytes, index })))(
  "message $index cut anywhere in front of its additional section is no message",
  ({ bytes }) => {
    const whole = parseMessage(bytes);
    const optBytes = (whole?.isResponse ?? false) ? 11 : 23;
    for (let length = 0; length < bytes.length - optBytes; length += 1) {
      expect(parseMessage(bytes.subarray(0, length))).toBe(undefined);
    }
    expect(parseMessage(bytes.subarray(0, bytes.length - optBytes))).toEqual(whole);
  },
);

test("of a message the capture cut, the whole records count", () => {
  const bytes = readHexFixture("dns/dnsmasq.hex")[3] ?? new Uint8Array(0);
  const cut = parseMessage(bytes.subarray(0, bytes.length - 11 - 1), true);
  expect(cut?.answers).toEqual([
    { kind: "cname", name: "alias.telltale.test", ttlSec: 0, target: "host.telltale.test" },
  ]);
});

test("the address hints of RFC 9460 appendix D.2 are read", () => {
  const data = `0001 03666f6f 076578616d706c65 03636f6d 00 0006 0020
    20010db8000000000000000000000001 20010db8000000000000000000530001`.replaceAll(/\s/g, "");
  const message = `1234 8180 0001 0001 0000 0000 076578616d706c65 03636f6d 00 0041 0001
    c00c 0041 0001 0000003c ${(data.length / 2).toString(16).padStart(4, "0")} ${data}`;
  expect(parseMessage(bytesOfHex(message))?.answers).toEqual([
    {
      kind: "service",
      name: "example.com",
      ttlSec: 60,
      target: "foo.example.com",
      addressHints: ["2001:db8::1", "2001:db8::53:1"],
      echPublicNames: [],
    },
  ]);
});

test("an address of the wrong length makes the message malformed", () => {
  const message = "1234 8180 0000 0001 0000 0000 0161 00 0001 0001 0000003c 0003 010203";
  expect(parseMessage(bytesOfHex(message))).toBe(undefined);
});

test("records of other classes and kinds are passed over", () => {
  const txt = "0161 00 0010 0001 0000003c 0003 026869";
  const chaos = "0161 00 0001 0003 0000003c 0004 01020304";
  const address = "0161 00 0001 0001 0000003c 0004 01020304";
  const message = bytesOfHex(`1234 8180 0000 0003 0000 0000 ${txt} ${chaos} ${address}`);
  expect(parseMessage(message)?.answers).toEqual([{ kind: "address", name: "a", ttlSec: 60, address: "1.2.3.4" }]);
});

const label = fc.stringMatching(/^[a-z0-9_-]{1,20}$/);
const hostName = fc.array(label, { minLength: 1, maxLength: 6 }).map((labels) => labels.join("."));
const ipv4 = fc.ipV4();

test("what an independent encoder writes is read back", () => {
  fc.assert(
    fc.property(fc.nat(65_535), hostName, hostName, fc.array(ipv4, { maxLength: 8 }), (id, name, target, addresses) => {
      const encoded = dnsPacket.encode({
        type: "response",
        id,
        questions: [{ type: "A", name }],
        answers: [
          { type: "CNAME", name, ttl: 300, data: target },
          ...addresses.map((data) => ({ type: "A" as const, name: target, ttl: 300, data })),
          { type: "TXT", name, data: "passed over" },
        ],
      });
      expect(parseMessage(new Uint8Array(encoded))).toEqual({
        id,
        isResponse: true,
        opcode: 0,
        isTruncated: false,
        responseCode: 0,
        questions: [{ name, type: 1 }],
        answers: [
          { kind: "cname", name, ttlSec: 300, target },
          ...addresses.map((address) => ({ kind: "address", name: target, ttlSec: 300, address })),
        ],
      });
    }),
  );
});

test("random bytes never throw, and what is read of them is printable ASCII", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), fc.boolean(), (bytes, isCut) => {
      const message = parseMessage(bytes, isCut);
      for (const { name } of [...(message?.questions ?? []), ...(message?.answers ?? [])]) {
        expect(name).toMatch(/^[a-z0-9_.\\-]+$/);
      }
    }),
    { numRuns: 2000 },
  );
});

test("a damaged message never throws", () => {
  const source = readHexFixture("dns/dnsmasq.hex")[5] ?? new Uint8Array(0);
  fc.assert(
    fc.property(
      fc.nat(source.length - 1),
      fc.nat(255),
      fc.nat(source.length - 1),
      fc.nat(255),
      (at, value, at2, value2) => {
        const bytes = source.slice();
        bytes[at] = value;
        bytes[at2] = value2;
        const message = parseMessage(bytes);
        expect(message === undefined || message.answers.length <= 2).toBe(true);
      },
    ),
    { numRuns: 2000 },
  );
});
