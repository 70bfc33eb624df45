/** Wireshark and we read the same method and host out of HTTP/1 requests. */
import { expect } from "vitest";
import { createRequestReader } from "../../src/core/protocol/http/read-request.ts";
import { readHexFixture } from "../unit/support/read-hex.ts";
import { conformanceTest, readWithTshark } from "./tshark.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

const REQUESTS: readonly Uint8Array[] = [
  ...readHexFixture("http/requests.hex"),
  encode("GET / HTTP/1.1\r\nAccept: */*\r\nhost:  A.Example\t\r\n\r\n"),
  encode("PROPFIND /dav HTTP/1.1\r\nHost: dav.example:81\r\nDepth: 1\r\n\r\n"),
  encode("OPTIONS * HTTP/1.0\r\nHost: a.example\r\n\r\n"),
  encode("POST /x HTTP/1.1\nHost: lf.example\n\n"),
];

conformanceTest("Wireshark reads the same method and host out of HTTP requests", () => {
  const packets = REQUESTS.map((data, index) => {
    return { transport: "tcp" as const, sourcePort: 50_000 + index, destinationPort: 80, data };
  });
  const read = readWithTshark(packets, ["http.request.method", "http.host"]);
  const theirs = read.map((fields) => {
    // It keeps a tab behind the value, which is no part of it (RFC 9112 section 5).
    const host = fields["http.host"]?.[0]?.toLowerCase().replace(/\\t$/, "") ?? "";
    return { method: fields["http.request.method"]?.[0], authority: host };
  });
  const ours = REQUESTS.map((bytes) => {
    const result = createRequestReader().push(0, bytes);
    if (result.status !== "complete") return null;
    const { method, host, port } = result.request;
    // An address literal is no name to us; Wireshark repeats it.
    return { method, authority: `${host ?? "127.0.0.1"}${port === null ? "" : `:${port}`}` };
  });
  expect(ours).toEqual(theirs);
});
