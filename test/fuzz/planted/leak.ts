/** A table that keeps every input for ever. */

import type { FuzzTarget } from "../engine/fuzz-target.ts";
import { bytesOfText } from "../engine/seed-files.ts";

const kept: Uint8Array[] = [];

function run(input: Uint8Array): void {
  kept.push(new Uint8Array(64 * 1024).fill(input.length));
}

export const target: FuzzTarget = { name: "leak", maxBytes: 64, seeds: () => [bytesOfText("seed")], run };
