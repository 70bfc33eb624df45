/** The front of a plain TCP client's stream: however it is cut, the same HTTP request comes out. */
import { createRequestReader, type RequestResult } from "../../../src/core/protocol/http/read-request.ts";
import { ensure, type FuzzTarget } from "../engine/fuzz-target.ts";
import { cutSeed, inOrderSeed, type Piece, readPieces } from "../engine/pieces.ts";
import { ensureSafeName } from "../engine/safe-text.ts";
import { bytesOfText, hexFixture } from "../engine/seed-files.ts";

function read(pieces: readonly Piece[]): RequestResult {
  const reader = createRequestReader();
  let result: RequestResult = { status: "more" };
  for (const { offset, data } of pieces) {
    result = reader.push(offset, data);
    if (result.status !== "more") break;
  }
  return result;
}

function run(input: Uint8Array): void {
  const { pieces, stream } = readPieces(input);
  const result = read(pieces);
  if (result.status === "complete") {
    const { method, host, port } = result.request;
    ensure(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,24}$/.test(method), () => `method ${JSON.stringify(method)}`);
    if (host !== null) ensureSafeName(host);
    ensure(port === null || (Number.isInteger(port) && port >= 0 && port <= 65_535), () => `port ${port}`);
  }
  if (stream === null || (result.status === "failed" && result.reason === "lost")) return;
  const cut = JSON.stringify(result);
  const atOnce = JSON.stringify(read([{ offset: 0, data: stream }]));
  ensure(cut === atOnce, () => `cut ${cut}, at once ${atOnce}`);
}

const REQUESTS = [
  "GET / HTTP/1.1\r\nHost: a.example\r\nAccept: */*\r\n\r\n",
  "\r\nPOST http://user@b.example:8080/x?y#z HTTP/1.1\r\nX: 1\r\nhost: b.example:8080\r\n\r\n",
  "CONNECT c.example:443 HTTP/1.1\r\nHost: c.example:443\r\n\r\n",
  "OPTIONS * HTTP/1.0\nHost:\t[2001:db8::1]:81 \n\n",
  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
];

const seeds = (): Uint8Array[] =>
  [...REQUESTS.map(bytesOfText), ...hexFixture("http/requests.hex")].flatMap((bytes) => [
    cutSeed(bytes),
    cutSeed(bytes, [
      [128, 255],
      [0, 70],
    ]),
    inOrderSeed(bytes, 20),
  ]);

export const target: FuzzTarget = {
  name: "http",
  maxBytes: 300,
  longBytes: 4096,
  seeds,
  words: [
    "Host:",
    "\r\nHost: ",
    "HTTP/1.1\r\n",
    "HTTP/1.0\n",
    "://",
    "\r\n\r\n",
    "CONNECT ",
    "[::1]",
    ":443",
    "0x7f.1",
  ],
  run,
};
