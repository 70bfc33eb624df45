/** A loop that does not end for one byte. */

import type { FuzzTarget } from "../engine/fuzz-target.ts";
import { bytesOfText } from "../engine/seed-files.ts";

function run(input: Uint8Array): void {
  let at = 0;
  while (at < input.length) at += input[at] === 0x77 ? 0 : 1;
}

export const target: FuzzTarget = { name: "hang", maxBytes: 64, seeds: () => [bytesOfText("seed")], run };
