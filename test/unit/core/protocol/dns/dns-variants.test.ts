/** What else travels in DNS messages: services, EDNS, several questions, multicast. */
import dnsPacket, { type Answer } from "dns-packet";
import { expect, test } from "vitest";
import { responseCodeName, typeName } from "../../../../../src/core/protocol/dns/name-codes.ts";
import { type DnsMessage, parseMessage } from "../../../../../src/core/protocol/dns/parse-message.ts";
import { resolveName, resolveUnasked } from "../../../../../src/core/protocol/dns/resolve-answer.ts";
import { encodeEchConfigs } from "../../../support/encode-hello.ts";
import { bytesOfHex, readHexFixture } from "../../../support/read-hex.ts";

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const uint16 = (value: number): string => value.toString(16).padStart(4, "0");
const block = (hex: string): string => `${uint16(hex.length / 2)}${hex}`;
const nameHex = (name: string): string =>
  name === "."
    ? "00"
    : `${name
        .split(".")
        .map((label) => hexOf(Uint8Array.of(label.length)) + hexOf(new TextEncoder().encode(label)))
        .join("")}00`;

const HTTPS = 65;

interface ServiceFields {
  readonly owner: string;
  readonly priority: number;
  readonly target: string;
  /** SvcParams: key and hex of the value. */
  readonly parameters?: readonly (readonly [number, string])[];
  readonly ttl?: number;
}

function serviceHex({ owner, priority, target, parameters = [], ttl = 60 }: ServiceFields): string {
  const values = parameters.map(([key, value]) => `${uint16(key)}${block(value)}`).join("");
  const data = `${uint16(priority)}${nameHex(target)}${values}`;
  return `${nameHex(owner)}${uint16(HTTPS)}0001${ttl.toString(16).padStart(8, "0")}${block(data)}`;
}

/** A response to one HTTPS question with these records. */
function serviceMessage(name: string, records: readonly string[]): DnsMessage {
  const question = `${nameHex(name)}${uint16(HTTPS)}0001`;
  const text = `1234 8180 0001 ${uint16(records.length)} 0000 0000 ${question} ${records.join("")}`;
  const message = parseMessage(bytesOfHex(text));
  if (message === undefined) throw new Error("not a message");
  return message;
}

const addressHex = (owner: string, ttl: number): string =>
  `${nameHex(owner)}00010001${ttl.toString(16).padStart(8, "0")}0004c0000207`;

const encoded = (answers: Answer[], questions: { type: "A" | "AAAA"; name: string }[]): DnsMessage | undefined =>
  parseMessage(new Uint8Array(dnsPacket.encode({ type: "response", id: 1, questions, answers })));

test("ECH configurations of a service tell their public names, beside its address hints", () => {
  const parameters = [
    [1, "026832"], // alpn h2
    [4, "c0000201c0000202"],
    [5, hexOf(encodeEchConfigs(["Front.example", "other.example", "front.example"]))],
    [6, "20010db8000000000000000000000001"],
  ] as const;
  const { answers } = serviceMessage("a.example", [
    serviceHex({ owner: "a.example", priority: 1, target: ".", parameters }),
  ]);
  expect(answers).toEqual([
    {
      kind: "service",
      name: "a.example",
      ttlSec: 60,
      target: ".",
      addressHints: ["192.0.2.1", "192.0.2.2", "2001:db8::1"],
      echPublicNames: ["front.example", "other.example"],
    },
  ]);
  expect(resolveName("a.example", answers)).toEqual({
    name: "a.example",
    aliases: [],
    addresses: ["192.0.2.1", "192.0.2.2", "2001:db8::1"],
    ttlSec: 60,
    echPublicNames: ["front.example", "other.example"],
  });
});

test("the vectors of RFC 9460 appendix D are read", () => {
  const message = (data: string): unknown => {
    const record = `${nameHex("example.com")}00400001 00000e10 ${block(data.replaceAll(/\s/g, ""))}`;
    const answers = parseMessage(bytesOfHex(`1234 8180 0000 0001 0000 0000 ${record}`))?.answers;
    return answers?.map((one) => (one.kind === "service" ? [one.target, one.addressHints] : one.kind));
  };
  const foo = "03666f6f076578616d706c6503636f6d00";
  expect(message(`0000 ${foo}`)).toEqual([["foo.example.com", []]]); // D.1 AliasMode
  expect(message("0001 00")).toEqual([[".", []]]); // figure 3
  expect(message(`0010 ${foo} 0003 0002 0035`)).toEqual([["foo.example.com", []]]); // figure 4: port
  expect(message(`0001 ${foo} 029b 0005 68656c6c6f`)).toEqual([["foo.example.com", []]]); // figure 5: unknown key
  expect(message(`0001 ${foo} 0006 0020 20010db8000000000000000000000001 20010db8000000000000000000530001`)).toEqual([
    ["foo.example.com", ["2001:db8::1", "2001:db8::53:1"]], // figure 7
  ]);
});

test("an alias leads on to the service and its addresses, and its own parameters do not count", () => {
  const hint = [[4, "c0000209"]] as const;
  const { answers } = serviceMessage("a.example", [
    serviceHex({ owner: "a.example", priority: 0, target: "b.example", parameters: hint, ttl: 300 }),
    serviceHex({ owner: "b.example", priority: 1, target: "c.example", parameters: [[4, "c0000203"]], ttl: 200 }),
    addressHex("c.example", 100),
  ]);
  expect(resolveName("a.example", answers)).toEqual({
    name: "a.example",
    aliases: ["b.example", "c.example"],
    addresses: ["192.0.2.3", "192.0.2.7"],
    ttlSec: 100,
    echPublicNames: [],
  });
});

test("a damaged list of ECH configurations costs its own names only", () => {
  const { answers } = serviceMessage("a.example", [
    serviceHex({
      owner: "a.example",
      priority: 1,
      target: ".",
      parameters: [
        [4, "c0000201"],
        [5, "00ff00"],
      ],
    }),
  ]);
  expect(answers).toMatchObject([{ addressHints: ["192.0.2.1"], echPublicNames: [] }]);
});

test("an answer holds as long as the shortest-lived record of its chain, not of others", () => {
  const message = encoded(
    [
      { type: "CNAME", name: "a.test", ttl: 300, data: "b.test" },
      { type: "CNAME", name: "b.test", ttl: 20, data: "c.test" },
      { type: "A", name: "c.test", ttl: 60, data: "192.0.2.1" },
      { type: "A", name: "other.test", ttl: 5, data: "192.0.2.2" },
    ],
    [{ type: "A", name: "a.test" }],
  );
  expect(resolveName("a.test", message?.answers ?? []).ttlSec).toBe(20);
  expect(resolveName("none.test", message?.answers ?? []).ttlSec).toBe(0);
});

test("a time to live with its top bit set is none (RFC 2181 section 8)", () => {
  const message = parseMessage(
    bytesOfHex(`1234 8180 0000 0002 0000 0000 ${addressHex("a", 0x80000001)}${addressHex("b", 0x7fffffff)}`),
  );
  expect(message?.answers.map(({ ttlSec }) => ttlSec)).toEqual([0, 0x7fffffff]);
});

test("every question of a message with several is answered from its own records", () => {
  const message = encoded(
    [
      { type: "A", name: "a.test", ttl: 9, data: "192.0.2.1" },
      { type: "AAAA", name: "b.test", ttl: 8, data: "2001:db8::2" },
      { type: "A", name: "c.test", ttl: 7, data: "192.0.2.3" },
    ],
    [
      { type: "A", name: "a.test" },
      { type: "AAAA", name: "b.test" },
    ],
  );
  expect(message?.questions.map(({ name }) => resolveName(name, message.answers).addresses)).toEqual([
    ["192.0.2.1"],
    ["2001:db8::2"],
  ]);
});

test("DNAME records are passed over; the CNAME made from them leads on (RFC 6672 section 3)", () => {
  const message = encoded(
    [
      { type: "DNAME", name: "old.test", ttl: 60, data: "new.test" },
      { type: "CNAME", name: "www.old.test", ttl: 60, data: "www.new.test" },
      { type: "A", name: "www.new.test", ttl: 60, data: "192.0.2.1" },
    ],
    [{ type: "A", name: "www.old.test" }],
  );
  expect(resolveName("www.old.test", message?.answers ?? [])).toMatchObject({
    aliases: ["www.new.test"],
    addresses: ["192.0.2.1"],
  });
});

test("EDNS options of any size in query and response are passed over", () => {
  const options = [{ code: 12, data: Buffer.alloc(400) }];
  const opt = { type: "OPT", name: ".", udpPayloadSize: 4096, flags: 0x8000, options } as unknown as Answer;
  const message = dnsPacket.encode({
    type: "query",
    id: 7,
    questions: [{ type: "A", name: "a.test" }],
    additionals: [opt],
  });
  expect(parseMessage(new Uint8Array(message))).toMatchObject({ id: 7, questions: [{ name: "a.test", type: 1 }] });
});

test("an mDNS question that wants a unicast answer, and a response that flushes caches, are read", () => {
  // RFC 6762 sections 5.4 and 10.2: the top bit of the class.
  const query = bytesOfHex(`0000 0000 0001 0000 0000 0000 ${nameHex("printer.local")} 0001 8001`);
  expect(parseMessage(query)?.questions).toEqual([{ name: "printer.local", type: 1 }]);
  const record = `${nameHex("Printer.local")} 0001 8001 00000078 0004 c0000205`;
  const response = parseMessage(bytesOfHex(`0000 8400 0000 0001 0000 0000 ${record}`));
  expect(response === undefined ? [] : resolveUnasked(response)).toEqual([
    { name: "printer.local", aliases: [], addresses: ["192.0.2.5"], ttlSec: 120, echPublicNames: [] },
  ]);
});

test("an LLMNR response repeats its question and answers it (RFC 4795 section 2.1)", () => {
  // Flags: response, conflict bit clear, tentative bit set.
  const body = `${nameHex("host1")} 0001 0001 ${nameHex("host1")} 0001 0001 0000001e 0004 c0000206`;
  const message = parseMessage(bytesOfHex(`4321 8100 0001 0001 0000 0000 ${body}`));
  expect(message).toMatchObject({ id: 0x4321, isResponse: true, responseCode: 0, isTruncated: false });
  expect(resolveName("host1", message?.answers ?? []).addresses).toEqual(["192.0.2.6"]);
});

test("real answers with HTTPS records, an error and several addresses are read", () => {
  const messages = readHexFixture("dns/services.hex").map((bytes) => parseMessage(bytes));
  const [, https, , multi, , gone, , refused] = messages;
  expect(https?.questions).toEqual([{ name: "https.telltale.test", type: 65 }]);
  expect(https?.answers).toEqual([
    {
      kind: "service",
      name: "https.telltale.test",
      ttlSec: 120,
      target: ".",
      addressHints: ["198.51.100.9", "2001:db8::9"],
      echPublicNames: ["front.telltale.test"],
    },
  ]);
  expect(resolveName("multi.telltale.test", multi?.answers ?? [])).toMatchObject({
    addresses: ["198.51.100.1", "198.51.100.2"],
    ttlSec: 120,
  });
  expect([gone, refused].map((message) => responseCodeName(message?.responseCode ?? 0))).toEqual([
    "NXDOMAIN",
    "REFUSED",
  ]);
});

test("response codes and types have their registered names, others their number", () => {
  expect([0, 1, 2, 3, 4, 5, 9, 23].map(responseCodeName)).toEqual([
    "NOERROR",
    "FORMERR",
    "SERVFAIL",
    "NXDOMAIN",
    "NOTIMP",
    "REFUSED",
    "NOTAUTH",
    "BADCOOKIE",
  ]);
  expect(responseCodeName(12)).toBe("RCODE12");
  expect([1, 28, 64, 65, 33, 12, 255].map(typeName)).toEqual(["A", "AAAA", "SVCB", "HTTPS", "SRV", "PTR", "ANY"]);
  expect(typeName(257)).toBe("TYPE257");
});

test("a message of 64 KiB full of aliases in a circle is read and resolved at once", () => {
  const bytes = new Uint8Array(65_535);
  bytes.set(bytesOfHex("1234 8180 0001 1000 0000 0000 0161 00 0001 0001"));
  let at = 19;
  for (let index = 0; index < 4096; index += 1, at += 14) {
    // a -> a, by pointers to the question
    bytes.set(bytesOfHex("c00c 0005 0001 0000003c 0002 c00c"), at);
  }
  const message = parseMessage(bytes);
  expect(message?.answers.length).toBe(4096);
  expect(resolveName("a", message?.answers ?? [])).toMatchObject({ aliases: [], addresses: [] });
});
