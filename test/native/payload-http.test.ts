/** The first bytes of clients that speak HTTP/1: enough for the Host, no more. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openRig, type Rig, whyNot } from "./capture-rig.ts";
import { converse, copiesOf, inWrites, payloadsOf } from "./dialogue.ts";

const reason = whyNot();
const REQUEST = Buffer.from("GET /path HTTP/1.1\r\nHost: plain.example\r\nCookie: secret\r\n\r\n");
const NOTHING = new Uint8Array(0);

describe.skipIf(reason !== null)(`requests on this kernel${reason === null ? "" : ` (skipped: ${reason})`}`, () => {
  let rig: Rig;
  beforeAll(() => {
    rig = openRig();
  });
  afterAll(() => rig.capture.close());

  it.each(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])("copies a %s", async (method) => {
    const request = `${method} / HTTP/1.1\r\nHost: a.example\r\n\r\n`;
    const talk = await converse(rig, [["client", request]]);
    expect(copiesOf(rig, talk)).toEqual({ start: new Uint8Array(Buffer.from(request)), upgrade: NOTHING });
  });

  it("says who asked, and where the bytes stand", async () => {
    const talk = await converse(rig, [["client", REQUEST]]);
    expect(payloadsOf(rig, talk)).toMatchObject([
      { kind: "stream-start", direction: "out", streamOffset: 0, isCut: false, owner: { pid: process.pid } },
    ]);
  });

  it.each([[[1]], [[3]], [[4]], [[1, 2, 3, 4, 5, 20]]])("copies a request of many writes, cut at %j", async (cuts) => {
    const talk = await converse(rig, inWrites(REQUEST, cuts));
    expect(copiesOf(rig, talk)).toEqual({ start: new Uint8Array(REQUEST), upgrade: NOTHING });
  });

  it("copies 2 KiB of a longer request, in one write or in many", async () => {
    const long = Buffer.concat([REQUEST, Buffer.alloc(6000, "b")]);
    const kept = new Uint8Array(long.subarray(0, 2048));
    const whole = await converse(rig, [["client", long]]);
    const many = await converse(rig, inWrites(long, [700, 1400, 2100, 2800]));
    expect(copiesOf(rig, whole).start).toEqual(kept);
    expect(copiesOf(rig, many).start).toEqual(kept);
    expect(payloadsOf(rig, whole).map(({ isCut }) => isCut)).toEqual([true]);
    expect(payloadsOf(rig, many).map(({ isCut }) => isCut)).toEqual([false, false, true]);
  });

  it("copies the first request of a connection and none that follows its answer", async () => {
    const talk = await converse(rig, [
      ["client", REQUEST],
      ["server", "HTTP/1.1 200 OK\r\n\r\n"],
      ["client", "POST /login HTTP/1.1\r\nHost: plain.example\r\n\r\npassword"],
      ["client", Uint8Array.of(22, 3, 1, 0, 9, 1, 0)],
    ]);
    expect(copiesOf(rig, talk)).toEqual({ start: new Uint8Array(REQUEST), upgrade: NOTHING });
  });

  it("copies nothing of a word that is no method", async () => {
    const talk = await converse(rig, [["client", "GETS a b\r\n"]]);
    expect(payloadsOf(rig, talk)).toEqual([]);
  });

  it("stops at the byte that tells a word from a method", async () => {
    const talk = await converse(rig, inWrites(Buffer.from("POP secret\r\n"), [1, 2, 3]));
    expect(copiesOf(rig, talk)).toEqual({ start: new Uint8Array(Buffer.from("PO")), upgrade: NOTHING });
  });

  it("copies nothing of what a server hears or says", async () => {
    const talk = await converse(rig, [
      ["server", REQUEST],
      ["client", "SSH-2.0-x\r\n"],
      ["server", REQUEST],
    ]);
    expect(payloadsOf(rig, talk)).toEqual([]);
  });
});
