/** Handshakes that begin later in a stream: STARTTLS of any protocol, tunnels. What stands before them is never copied. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openRig, type Rig, whyNot } from "./capture-rig.ts";
import { converse, copiesOf, helloLike, inWrites, payloadsOf, type Turn } from "./dialogue.ts";

const reason = whyNot();
const NOTHING = new Uint8Array(0);
const HELLO = helloLike(1800);
const CUTS = [1, 2, 5, 6, 130, 1400];
const bytesOf = (text: string) => new Uint8Array(Buffer.from(text));

const SMTP: readonly Turn[] = [
  ["server", "220 mail.example ESMTP\r\n"],
  ["client", "EHLO me\r\n"],
  ["server", "250-mail.example\r\n250 STARTTLS\r\n"],
  ["client", "STARTTLS\r\n"],
  ["server", "220 go ahead\r\n"],
];
const CONNECT = "CONNECT far.example:443 HTTP/1.1\r\nHost: far.example:443\r\n\r\n";

describe.skipIf(reason !== null)(`upgrades on this kernel${reason === null ? "" : ` (skipped: ${reason})`}`, () => {
  let rig: Rig;
  beforeAll(() => {
    rig = openRig();
  });
  afterAll(() => rig.capture.close());

  it("copies the ClientHello after STARTTLS from its first byte, and nothing before it", async () => {
    const talk = await converse(rig, [...SMTP, ["client", HELLO]]);
    expect(copiesOf(rig, talk)).toEqual({ start: NOTHING, upgrade: HELLO });
    expect(payloadsOf(rig, talk)[0]).toMatchObject({ streamOffset: 0, owner: { pid: process.pid } });
  });

  it("copies a ClientHello of many writes after STARTTLS, the first of one byte", async () => {
    const talk = await converse(rig, [...SMTP, ...inWrites(HELLO, CUTS)]);
    expect(copiesOf(rig, talk)).toEqual({ start: NOTHING, upgrade: HELLO });
    expect(payloadsOf(rig, talk).map(({ streamOffset }) => streamOffset)).toEqual([0, ...CUTS]);
  });

  it("ends with the server's next words", async () => {
    const talk = await converse(rig, [...SMTP, ["client", HELLO], ["server", "x"], ["client", helloLike(300)]]);
    expect(copiesOf(rig, talk).upgrade).toEqual(HELLO);
  });

  it("copies no more than 8 KiB of an upgrade", async () => {
    const long = helloLike(30_000);
    const talk = await converse(rig, [...SMTP, ["client", long]]);
    expect(copiesOf(rig, talk).upgrade).toEqual(long.slice(0, 8192));
  });

  it("copies nothing of a plain mail session with its password", async () => {
    const lines = ["EHLO me\r\n", "AUTH PLAIN AHNlY3JldA==\r\n", "MAIL FROM:<a>\r\n", "DATA\r\n", "x".repeat(9000)];
    const turns = lines.flatMap((words): Turn[] => [
      ["server", "250 ok\r\n"],
      ["client", words],
    ]);
    const talk = await converse(rig, turns);
    expect(payloadsOf(rig, talk)).toEqual([]);
  });

  it("copies the ClientHello after a request of eight bytes, as Postgres has it", async () => {
    const sslRequest = Uint8Array.of(0, 0, 0, 8, 4, 210, 22, 47);
    const talk = await converse(rig, [["client", sslRequest], ["server", "S"], ...inWrites(HELLO, [700])]);
    expect(copiesOf(rig, talk)).toEqual({ start: NOTHING, upgrade: HELLO });
  });

  it("copies a client's own first bytes after a greeting, if they are TLS or a request", async () => {
    const tls = await converse(rig, [
      ["server", "hello"],
      ["server", "hello again"],
      ["client", HELLO],
      ["server", "answer"],
      ["client", HELLO],
    ]);
    const http = await converse(rig, [
      ["server", "hello"],
      ["client", "GET / HTTP/1.1\r\n\r\n"],
    ]);
    expect(copiesOf(rig, tls)).toEqual({ start: HELLO, upgrade: NOTHING });
    expect(copiesOf(rig, http)).toEqual({ start: bytesOf("GET / HTTP/1.1\r\n\r\n"), upgrade: NOTHING });
  });

  it("copies a CONNECT and the ClientHello in the tunnel", async () => {
    const talk = await converse(rig, [
      ["client", CONNECT],
      ["server", "HTTP/1.1 200 OK\r\n\r\n"],
      ...inWrites(HELLO, CUTS),
      ["server", "x"],
      ["client", "more"],
    ]);
    expect(copiesOf(rig, talk)).toEqual({ start: bytesOf(CONNECT), upgrade: HELLO });
  });

  it("copies a CONNECT of many writes", async () => {
    const talk = await converse(rig, [
      ...inWrites(bytesOf(CONNECT), [2, 4, 9]),
      ["server", "HTTP/1.1 200 OK\r\n\r\n"],
      ["client", HELLO],
    ]);
    expect(copiesOf(rig, talk)).toEqual({ start: bytesOf(CONNECT), upgrade: HELLO });
  });

  it("copies no more of a CONNECT than its first line can take, and not the one with the password", async () => {
    const long = `${CONNECT.slice(0, -2)}X: ${"x".repeat(900)}\r\n\r\n`;
    const talk = await converse(rig, [
      ["client", long],
      ["server", "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"],
      ["client", `${CONNECT.slice(0, -2)}Proxy-Authorization: Basic c2VjcmV0\r\n\r\n`],
      ["server", "HTTP/1.1 200 OK\r\n\r\n"],
      ["client", HELLO],
    ]);
    expect(copiesOf(rig, talk)).toEqual({ start: bytesOf(long.slice(0, 288)), upgrade: HELLO });
  });

  const chatter = (count: number): readonly Turn[] =>
    Array.from({ length: count }, (_, index): Turn => ["client", `line ${index}\r\n`]);

  it("finds a handshake in the eighth segment after the first, and not in the ninth", async () => {
    const eighth = await converse(rig, [...chatter(8), ["client", HELLO]]);
    const ninth = await converse(rig, [...chatter(9), ["client", HELLO]]);
    expect(copiesOf(rig, eighth).upgrade).toEqual(HELLO);
    expect(payloadsOf(rig, ninth)).toEqual([]);
  });

  it("takes a record that is no ClientHello, and a byte that is no record, for none", async () => {
    const other = await converse(rig, [...chatter(1), ["client", Uint8Array.of(22, 3, 1, 0, 9, 2, 0)]]);
    const byte = await converse(rig, [...chatter(1), ["client", Uint8Array.of(22)], ["client", HELLO.slice(2)]]);
    expect(payloadsOf(rig, other)).toEqual([]);
    expect(copiesOf(rig, byte)).toEqual({ start: NOTHING, upgrade: Uint8Array.of(22) });
  });

  it("watches on over IPv6", async () => {
    const talk = await converse(rig, [...SMTP, ["client", HELLO]], "::1");
    expect(copiesOf(rig, talk).upgrade).toEqual(HELLO);
  });
});
