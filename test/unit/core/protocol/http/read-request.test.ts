import fc from "fast-check";
import { expect, test } from "vitest";
import {
  createRequestReader,
  MAX_REQUEST_BYTES,
  type RequestResult,
} from "../../../../../src/core/protocol/http/read-request.ts";
import { readHexFixture } from "../../../support/read-hex.ts";

const encode = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const read = (text: string): RequestResult => createRequestReader().push(0, encode(text));
const failure = (reason: string): object => ({ status: "failed", reason });
const MORE: RequestResult = { status: "more" };

const complete = (method: string, form: string, host: string | null, port: number | null): object => ({
  status: "complete",
  request: { method, form, host, port },
});

/** A GET with these header lines. */
const get = (...fields: readonly string[]): RequestResult => read(`GET / HTTP/1.1\r\n${fields.join("\r\n")}\r\n\r\n`);

test("real requests of curl, wget and Chromium tell whom they are for", () => {
  expect(readHexFixture("http/requests.hex").map((bytes) => createRequestReader().push(0, bytes))).toEqual([
    complete("GET", "origin", "www.telltale.test", 8080),
    complete("GET", "absolute", "plain.telltale.test", null),
    complete("CONNECT", "authority", "tunnel.telltale.test", 443),
    complete("GET", "origin", null, 8080),
    complete("GET", "origin", "browser.telltale.test", 8080),
  ]);
});

test("the four forms of RFC 9112 section 3.2 are told apart", () => {
  expect(read("GET /where?q=now HTTP/1.1\r\nHost: www.example.org\r\n\r\n")).toEqual(
    complete("GET", "origin", "www.example.org", null),
  );
  expect(read("GET http://www.example.org/pub/WWW/TheProject.html HTTP/1.1\r\nHost: www.example.org\r\n\r\n")).toEqual(
    complete("GET", "absolute", "www.example.org", null),
  );
  expect(read("CONNECT www.example.com:80 HTTP/1.1\r\nHost: www.example.com\r\n\r\n")).toEqual(
    complete("CONNECT", "authority", "www.example.com", 80),
  );
  expect(read("OPTIONS * HTTP/1.1\r\nHost: www.example.org:8001\r\n\r\n")).toEqual(
    complete("OPTIONS", "asterisk", "www.example.org", 8001),
  );
});

test("a target with its own authority beats the Host field, and needs none", () => {
  expect(read("GET http://a.example:81/ HTTP/1.1\r\nHost: b.example\r\n\r\n")).toEqual(
    complete("GET", "absolute", "a.example", 81),
  );
  expect(read("GET http://a.example/ HTTP/1.0\r\n\r\n")).toEqual(complete("GET", "absolute", "a.example", null));
  expect(read("CONNECT a.example:443 HTTP/1.1\r\n\r\n")).toEqual(complete("CONNECT", "authority", "a.example", 443));
});

test("user names, queries and fragments of an absolute target are no part of the name", () => {
  const hostOf = (target: string): RequestResult => read(`GET ${target} HTTP/1.1\r\n\r\n`);
  expect(hostOf("http://user:pass@a.example:81/x")).toEqual(complete("GET", "absolute", "a.example", 81));
  expect(hostOf("http://b.example@a.example/x@c.example")).toEqual(complete("GET", "absolute", "a.example", null));
  expect(hostOf("HTTP://A.Example?x@b")).toEqual(complete("GET", "absolute", "a.example", null));
  expect(hostOf("ws+unix.1-x://a.example#x")).toEqual(complete("GET", "absolute", "a.example", null));
  for (const target of [
    "http:///x",
    "http://user@/x",
    "http://:80/x",
    "http:x",
    "://a.example/",
    "ht/tp://a.example/",
    "a.example:80",
    "http//a",
  ]) {
    expect(hostOf(target)).toEqual(failure("malformed"));
  }
});

test("names are lower case, without port and trailing dot; field names in any case; spaces around are dropped", () => {
  expect(get("hOsT:\t WWW.Example.ORG.:8080 \t")).toEqual(complete("GET", "origin", "www.example.org", 8080));
  expect(get("Accept: */*", "Host:a_b.example", "X-Host: other")).toEqual(
    complete("GET", "origin", "a_b.example", null),
  );
  expect(get("Host: xn--bcher-kva.example:")).toEqual(complete("GET", "origin", "xn--bcher-kva.example", null));
});

test("addresses are no names, in whatever spelling", () => {
  for (const host of ["192.0.2.1", "[2001:db8::1]", "[::1%25eth0]", "127.1", "0x7f.1", "2130706433"]) {
    expect(get(`Host: ${host}`)).toEqual(complete("GET", "origin", null, null));
    expect(get(`Host: ${host}:8080`)).toEqual(complete("GET", "origin", null, 8080));
  }
});

test("bytes that could trick a reader are escaped", () => {
  expect(get("Host: a\u00ff%41.example")).toEqual(complete("GET", "origin", "a\\255\\03741.example", null));
  expect(get("Host: a*\\b")).toEqual(complete("GET", "origin", "a\\042\\092b", null));
});

test("hosts that cannot be one are malformed", () => {
  const long = "a".repeat(64);
  for (const host of [
    "a b",
    "a\tb",
    "a\u001b[2J",
    "a..b",
    ".a",
    "a:b",
    "a:65536",
    "a:123456",
    "[::1",
    "[::1]x",
    long,
  ]) {
    expect(get(`Host: ${host}`)).toEqual(failure("malformed"));
  }
  expect(get(`Host: ${`${"a".repeat(50)}.`.repeat(6)}`)).toEqual(failure("malformed"));
});

test("a second Host is malformed when it differs, and passed over when it is the same", () => {
  expect(get("Host: a.example", "Host: b.example")).toEqual(failure("malformed"));
  expect(get("Host: a.example", "Host: a.example")).toEqual(complete("GET", "origin", "a.example", null));
});

test("folded lines, spaces in front of a colon and lines without one are malformed", () => {
  expect(get("Host: a.example", " b.example")).toEqual(failure("malformed"));
  expect(get(" Host: a.example")).toEqual(failure("malformed"));
  expect(get("Host : a.example")).toEqual(failure("malformed"));
  expect(get("Host")).toEqual(failure("malformed"));
  expect(get(": a.example")).toEqual(failure("malformed"));
});

test("CONNECT without a port is malformed", () => {
  expect(read("CONNECT a.example HTTP/1.1\r\nHost: a.example\r\n\r\n")).toEqual(failure("malformed"));
  expect(read("CONNECT a.example: HTTP/1.1\r\n\r\n")).toEqual(failure("malformed"));
  expect(read("CONNECT [2001:db8::1]:443 HTTP/1.1\r\n\r\n")).toEqual(complete("CONNECT", "authority", null, 443));
});

test("a request without Host, or with an empty one, names nobody", () => {
  expect(read("GET / HTTP/1.0\r\n\r\n")).toEqual(failure("no-host"));
  expect(get("Host:  ")).toEqual(failure("no-host"));
});

test("empty lines in front, and line feeds alone, are taken as servers take them", () => {
  expect(read("\r\n\r\nGET / HTTP/1.1\nHost: a.example\n\n")).toEqual(complete("GET", "origin", "a.example", null));
});

test("other protocols are told from their first bytes", () => {
  for (const text of [
    "\u0016\u0003\u0001",
    "SSH-2.0-OpenSSH_9.2\r\n",
    "EHLO client.example\r\n",
    "* OK ready\r\n",
    "GET /\r\n",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "OPTIONS rtsp://a.example RTSP/1.0\r\n",
    "OPTIONS sip:a@b.example SIP/2.0\r\n",
    " GET / HTTP/1.1\r\n",
    "A".repeat(30),
    "GET  HTTP/1.1\r\n",
    "GET / HTTP/1.12\r\n",
  ]) {
    expect(read(text)).toEqual(failure("not-http"));
  }
  expect(createRequestReader().push(0, new Uint8Array(0))).toEqual(MORE);
});

test.each(readHexFixture("http/requests.hex").map((bytes, index) => ({ bytes, index })))(
  "request $index cut at any byte waits for what names its host, and its pieces give the same",
  ({ bytes }) => {
    const whole = createRequestReader().push(0, bytes);
    // A target with a host of its own is all that is needed, else the head's end.
    const hasOwnHost = whole.status === "complete" && whole.request.form !== "origin";
    const needed = hasOwnHost ? bytes.indexOf(0x0a) + 1 : bytes.length;
    for (let length = 0; length < needed; length += 1) {
      const reader = createRequestReader();
      expect(reader.push(0, bytes.subarray(0, length))).toEqual(MORE);
      expect(reader.push(length, bytes.subarray(length))).toEqual(whole);
    }
    expect(createRequestReader().push(0, bytes.subarray(0, needed))).toEqual(whole);
  },
);

test("of a tunnel the first line is enough: the kernel side copies no more, because passwords for the proxy follow", () => {
  expect(read("CONNECT a.example:443 HTTP/1.1\r\nHost: a.exa")).toEqual(
    complete("CONNECT", "authority", "a.example", 443),
  );
});

test("a piece that overtook another waits for it, a lost one ends it", () => {
  const bytes = encode("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n");
  const reader = createRequestReader();
  expect(reader.push(20, bytes.subarray(20))).toEqual(MORE);
  expect(reader.push(0, bytes.subarray(0, 25))).toEqual(complete("GET", "origin", "a.example", null));
  const other = createRequestReader();
  const results = Array.from({ length: 17 }, (_, index) => other.push(5 + index * 10, new Uint8Array(5).fill(65)));
  expect(results.at(-1)).toEqual(failure("lost"));
});

test("what lies behind the head does not disturb", () => {
  expect(read("CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n\u0016\u0003\u0001\u0000")).toEqual(
    complete("CONNECT", "authority", "a.example", 443),
  );
});

test("a head longer than what is copied counts when its Host was seen, else it is too long", () => {
  const filler = `X: ${"y".repeat(MAX_REQUEST_BYTES)}\r\n`;
  expect(read(`GET / HTTP/1.1\r\nHost: a.example\r\n${filler}`)).toEqual(complete("GET", "origin", "a.example", null));
  expect(read(`GET / HTTP/1.1\r\n${filler}Host: a.example\r\n\r\n`)).toEqual(failure("too-long"));
  expect(read(`GET /${"y".repeat(MAX_REQUEST_BYTES)} HTTP/1.1\r\nHost: a.example\r\n\r\n`)).toEqual(
    failure("too-long"),
  );
  expect(read(`GET http://a.example/ HTTP/1.1\r\n${filler}`)).toEqual(complete("GET", "absolute", "a.example", null));
});

test("a Host that is itself cut does not count", () => {
  const start = "GET / HTTP/1.1\r\n";
  const filler = `X: ${"y".repeat(MAX_REQUEST_BYTES - start.length - 18)}\r\n`;
  expect(`${start}${filler}Host: a.exam`.length).toBeLessThan(MAX_REQUEST_BYTES);
  expect(read(`${start}${filler}Host: a.example\r\n\r\n`)).toEqual(failure("too-long"));
});

test("random bytes never throw, and a host read from them is printable ASCII", () => {
  const front = fc.constantFrom("", "GET / HTTP/1.1\r\nHost: ", "GET http://", "CONNECT ", "POST /x HTTP/1.0\r\n");
  const end = fc.constantFrom("", "\r\n\r\n", " HTTP/1.1\r\n\r\n");
  fc.assert(
    fc.property(front, fc.uint8Array({ maxLength: 60 }), end, (before, bytes, after) => {
      const result = createRequestReader().push(0, Uint8Array.from([...encode(before), ...bytes, ...encode(after)]));
      if (result.status !== "complete") return;
      expect(result.request.host ?? "none").toMatch(/^[a-z0-9_.\\-]+$/);
      expect(result.request.method).toMatch(/^[!-~]+$/);
    }),
    { numRuns: 5000 },
  );
});
