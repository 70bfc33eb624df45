/** Base64 as resolved writes it, beside Node's own. */
import { decodeBase64 } from "../../../src/core/protocol/resolved/decode-base64.ts";
import { ensure, type FuzzTarget } from "../engine/fuzz-target.ts";
import { bytesOfText } from "../engine/seed-files.ts";

function run(input: Uint8Array): void {
  const text = Buffer.from(input).toString("latin1");
  const bytes = decodeBase64(text);
  const isBase64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text);
  ensure((bytes !== undefined) === isBase64, () => `${JSON.stringify(text)} read as ${bytes}`);
  if (bytes === undefined) return;
  const expected = Buffer.from(text, "base64");
  ensure(expected.equals(bytes), () => `${JSON.stringify(text)} read as ${bytes}, not ${expected}`);
}

export const target: FuzzTarget = {
  name: "base64",
  maxBytes: 64,
  longBytes: 64 * 1024,
  seeds: () => ["", "QQ==", "QUI=", "QUJD", "BWFsaWFzCHRlbGx0YWxl", "+/+/"].map(bytesOfText),
  words: ["=", "==", "===", "A=", "-_"],
  run,
};
