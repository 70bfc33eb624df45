/** /etc/hosts. */
import { parseHostsFile } from "../../../src/core/protocol/hosts/parse-hosts-file.ts";
import { ensure, type FuzzTarget } from "../engine/fuzz-target.ts";
import { ensureCanonicalAddress, ensureSafeName } from "../engine/safe-text.ts";
import { bytesOfText } from "../engine/seed-files.ts";

function run(input: Uint8Array): void {
  const lines = parseHostsFile(input);
  // "::1 a" and its line feed.
  ensure(lines.length * 3 <= input.length, () => `${lines.length} lines of ${input.length} bytes`);
  for (const { address, names } of lines) {
    ensureCanonicalAddress(address);
    ensure(names.length >= 1 && names.length <= 64, () => `${names.length} names`);
    names.forEach(ensureSafeName);
  }
}

const SEEDS = [
  "127.0.0.1\tlocalhost localhost.localdomain # this machine\n::1 ip6-localhost\n\n",
  "# nothing\n 192.0.2.7 a.example B.Example. bücher.example\r\nfe80::1%eth0 router\n0.0.0.0 ads.example",
  "::ffff:192.0.2.1 mapped\n2001:db8:0:0:1:0:0:1 long 名。例え\n256.1.1.1 no\n",
];

export const target: FuzzTarget = {
  name: "hosts",
  maxBytes: 160,
  longBytes: 256 * 1024,
  seeds: () => SEEDS.map(bytesOfText),
  words: ["127.0.0.1 ", "::1 ", "fe80::1%lo ", "::ffff:", "\n", "\u3002", "ß", "Å", "\u0301", "xn--"],
  worst: () =>
    ["127.0.0.1 ", `::1 ${"a ".repeat(100)}`, "1".repeat(1000), " \t", "#", "\u3002", "ü", "::1 ü."].map((part) =>
      bytesOfText(part.repeat(Math.floor((256 * 1024) / part.length))).subarray(0, 256 * 1024),
    ),
  run,
};
