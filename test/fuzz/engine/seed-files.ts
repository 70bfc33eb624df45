/** Fixtures as seeds. Fuzzing runs from the top of the checkout. */
import { readFileSync } from "node:fs";

export const bytesOfHex = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replaceAll(/\s/g, ""), "hex"));

export const bytesOfText = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Hex fixtures: one message a line, comments begin with #. `name` below test/fixtures. */
export function hexFixture(name: string): Uint8Array[] {
  return readFileSync(`test/fixtures/${name}`, "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("#"))
    .map(bytesOfHex);
}
