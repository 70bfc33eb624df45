/** A mistake behind four bytes and a length, each of which must be found by coverage: chance alone would need 2^40 tries. */

import type { FuzzTarget } from "../engine/fuzz-target.ts";
import { bytesOfText } from "../engine/seed-files.ts";

function run(input: Uint8Array): void {
  if (input[0] !== 0x2a) return;
  if (input[1] !== 0x17) return;
  if (input[2] !== input[0]) return;
  if (input[3] === 0x99 && input.length === 7) throw new RangeError("the planted mistake");
}

export const target: FuzzTarget = { name: "crash", maxBytes: 64, seeds: () => [bytesOfText("seed")], run };
