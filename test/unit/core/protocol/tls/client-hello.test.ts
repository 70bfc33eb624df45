import fc from "fast-check";
import { expect, test } from "vitest";
import {
  createHelloAssembler,
  type HelloResult,
  readHello,
} from "../../../../../src/core/protocol/tls/assemble-hello.ts";
import { MAX_HELLO_BYTES } from "../../../../../src/core/protocol/tls/read-handshake.ts";
import { onlyHexFixture } from "../../../support/read-hex.ts";

const RFC_HELLO = onlyHexFixture("tls/rfc8448-client-hello.hex");
const OPENSSL_HELLO = onlyHexFixture("tls/openssl-client-hello.hex");

const OPENSSL_FACTS = {
  serverName: "api.telltale.test",
  alpn: ["h2", "http/1.1"],
  hasEch: false,
  ech: null,
  legacyVersion: 0x0303,
  highestVersion: 0x0304,
};

/** A hello around some extensions, in one record. */
function helloWith(extensions: readonly number[]): Uint8Array {
  const body = [
    3,
    3,
    ...new Array<number>(32).fill(7),
    0,
    0,
    2,
    0x13,
    1,
    1,
    0,
    extensions.length >> 8,
    extensions.length & 255,
    ...extensions,
  ];
  return recordsOf(new Uint8Array([1, 0, body.length >> 8, body.length & 255, ...body]), 16_384);
}

/** A handshake message as TLS records of at most `size` bytes. */
function recordsOf(message: Uint8Array, size: number): Uint8Array {
  const bytes: number[] = [];
  for (let at = 0; at < message.length; at += size) {
    const part = message.subarray(at, at + size);
    bytes.push(22, 3, 1, part.length >> 8, part.length & 255, ...part);
  }
  return new Uint8Array(bytes);
}

function nameExtension(name: Uint8Array): number[] {
  const entry = [0, name.length >> 8, name.length & 255, ...name];
  const list = [entry.length >> 8, entry.length & 255, ...entry];
  return [0, 0, list.length >> 8, list.length & 255, ...list];
}

const nameOf = (name: string): string | null | undefined => {
  const result = readHello(helloWith(nameExtension(new TextEncoder().encode(name))));
  return result.status === "complete" ? result.hello.serverName : undefined;
};

test("the ClientHello of RFC 8448 section 3 names its server", () => {
  expect(readHello(RFC_HELLO)).toEqual({
    status: "complete",
    hello: {
      serverName: "server",
      alpn: [],
      hasEch: false,
      ech: null,
      legacyVersion: 0x0303,
      highestVersion: 0x0304,
    },
  });
});

test("a real ClientHello of OpenSSL gives name and protocols", () => {
  expect(readHello(OPENSSL_HELLO)).toEqual({ status: "complete", hello: OPENSSL_FACTS });
});

test.each([
  ["RFC 8448", RFC_HELLO],
  ["OpenSSL", OPENSSL_HELLO],
])("the hello of %s cut at any byte waits for more", (_, bytes) => {
  for (let length = 0; length < bytes.length; length += 1) {
    expect(readHello(bytes.subarray(0, length))).toEqual({ status: "more" });
  }
});

test("a hello in pieces of one byte, repeated and in small records is read", () => {
  const stream = recordsOf(OPENSSL_HELLO.subarray(5), 50);
  const assembler = createHelloAssembler();
  let result: HelloResult = { status: "more" };
  for (let at = 0; at < stream.length; at += 1) {
    const start = Math.max(0, at - 3);
    result = assembler.push(start, stream.subarray(start, at + 1));
    if (at < stream.length - 1) expect(result).toEqual({ status: "more" });
  }
  expect(result).toEqual({ status: "complete", hello: OPENSSL_FACTS });
});

test("wherever records and pieces are cut, the hello is the same", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 400 }), fc.array(fc.nat(500), { maxLength: 6 }), (recordSize, cuts) => {
      const stream = recordsOf(OPENSSL_HELLO.subarray(5), recordSize);
      const edges = [0, ...cuts.filter((cut) => cut < stream.length).sort((a, b) => a - b), stream.length];
      const assembler = createHelloAssembler();
      const results = edges
        .slice(1)
        .map((end, index) => assembler.push(edges[index] ?? 0, stream.subarray(edges[index], end)));
      expect(results.at(-1)).toEqual({ status: "complete", hello: OPENSSL_FACTS });
    }),
  );
});

test("a piece that overtook another waits for it", () => {
  const assembler = createHelloAssembler();
  expect(assembler.push(100, OPENSSL_HELLO.subarray(100))).toEqual({ status: "more" });
  expect(assembler.push(0, OPENSSL_HELLO.subarray(0, 100))).toEqual({ status: "complete", hello: OPENSSL_FACTS });
});

test("a missing piece is reported once others pile up behind it", () => {
  const assembler = createHelloAssembler();
  const results = Array.from({ length: 17 }, (_, index) => assembler.push(5 + index * 10, new Uint8Array(5)));
  expect(results.at(-1)).toEqual({ status: "failed", reason: "lost" });
});

test("other protocols are told from their first bytes", () => {
  const first = (text: string): HelloResult => readHello(new TextEncoder().encode(text));
  expect(first("G")).toEqual({ status: "failed", reason: "not-tls" });
  expect(first("SSH-2.0-OpenSSH_9.2")).toEqual({ status: "failed", reason: "not-tls" });
  expect(readHello(new Uint8Array([22, 9]))).toEqual({ status: "failed", reason: "not-tls" });
});

test("a hello longer than the cap is given up", () => {
  const claimed = new Uint8Array([22, 3, 1, 64, 0, 1, 1, 0, 0]);
  expect(readHello(claimed)).toEqual({ status: "failed", reason: "too-long" });
  expect(MAX_HELLO_BYTES).toBe(16_384);
});

test("a first message that is not a ClientHello is malformed", () => {
  expect(readHello(new Uint8Array([22, 3, 3, 0, 4, 2, 0, 0, 0]))).toEqual({ status: "failed", reason: "malformed" });
});

test("an empty handshake record is malformed", () => {
  expect(readHello(new Uint8Array([22, 3, 1, 0, 0, 22, 3, 1, 0, 1, 1]))).toEqual({
    status: "failed",
    reason: "malformed",
  });
});

test("server names are lower case, without trailing dot, and escaped where they are no host name", () => {
  expect(nameOf("API.Example.ORG.")).toBe("api.example.org");
  expect(nameOf("xn--bcher-kva.example")).toBe("xn--bcher-kva.example");
  expect(nameOf("a\u001b[2Jb")).toBe("a\\027\\0912jb");
});

test("addresses and empty names are no server names", () => {
  expect(nameOf("192.0.2.1")).toBe(null);
  expect(nameOf("2001:db8::1")).toBe(null);
  expect(nameOf("")).toBe(null);
  expect(nameOf("a".repeat(256))).toBe(null);
});

test("encrypted client hello is noticed", () => {
  expect(readHello(helloWith([0xfe, 0x0d, 0, 1, 0]))).toMatchObject({ status: "complete", hello: { hasEch: true } });
});

test("a hello without extensions is one without a name", () => {
  const body = [3, 1, ...new Array<number>(32).fill(7), 0, 0, 2, 0, 47, 1, 0];
  const bytes = recordsOf(new Uint8Array([1, 0, 0, body.length, ...body]), 16_384);
  expect(readHello(bytes)).toEqual({
    status: "complete",
    hello: {
      serverName: null,
      alpn: [],
      hasEch: false,
      ech: null,
      legacyVersion: 0x0301,
      highestVersion: 0x0301,
    },
  });
});

test("what follows a hello in the same segment does not spoil it", () => {
  // RFC 8446 appendix D.4: a client with early data sends a dummy change_cipher_spec right behind its hello.
  const withEarlyData = new Uint8Array([...OPENSSL_HELLO, 20, 3, 3, 0, 1, 1, 23, 3, 3, 0, 20]);
  expect(readHello(withEarlyData)).toEqual({ status: "complete", hello: OPENSSL_FACTS });
  // But not inside it.
  const interrupted = new Uint8Array([...recordsOf(OPENSSL_HELLO.subarray(5, 60), 55), 20, 3, 3, 0, 1, 1]);
  expect(readHello(interrupted)).toEqual({ status: "failed", reason: "malformed" });
});

test("lengths that lie are malformed, at every byte", () => {
  for (let at = 5; at < OPENSSL_HELLO.length; at += 1) {
    const damaged = OPENSSL_HELLO.slice();
    damaged[at] = 0xff;
    const result = readHello(damaged);
    if (result.status === "complete") expect(typeof result.hello.legacyVersion).toBe("number");
    else expect(["more", "failed"]).toContain(result.status);
  }
});

test("random bytes never throw, and a name read from them is printable ASCII", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const result = readHello(helloWith([...bytes]));
      if (result.status !== "complete") return;
      expect(result.hello.serverName ?? "none").toMatch(/^[a-z0-9_.\\-]+$/);
    }),
    { numRuns: 2000 },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(readHello(new Uint8Array([22, 3, 1, ...bytes])).status).not.toBe("complete");
    }),
    { numRuns: 2000 },
  );
});
