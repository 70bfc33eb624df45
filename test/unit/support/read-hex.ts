/** Hex fixtures: one message a line, lines that begin with # tell where it came from. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const bytesOfHex = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replaceAll(/\s/g, ""), "hex"));

/** `name` below test/fixtures. */
export function readHexFixture(name: string): Uint8Array[] {
  const path = fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("#"))
    .map(bytesOfHex);
}

export function onlyHexFixture(name: string): Uint8Array {
  const [only, ...rest] = readHexFixture(name);
  if (only === undefined || rest.length > 0) throw new Error(`${name}: expected one line`);
  return only;
}
