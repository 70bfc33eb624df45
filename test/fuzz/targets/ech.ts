/** ECHConfigList, as DNS brings it. */
import { parseEchConfigs } from "../../../src/core/protocol/tls/parse-ech-configs.ts";
import { ensure, type FuzzTarget } from "../engine/fuzz-target.ts";
import { ensureSafeName } from "../engine/safe-text.ts";
import { bytesOfHex, bytesOfText } from "../engine/seed-files.ts";

function run(input: Uint8Array): void {
  const names = parseEchConfigs(input);
  if (names === undefined) return;
  ensure(names.length <= 64 && new Set(names).size === names.length, () => `${names.length} names`);
  names.forEach(ensureSafeName);
}

/** RFC 9849 section 4. */
function configList(...names: readonly string[]): Uint8Array {
  const configs = names.flatMap((name) => {
    const key = [...bytesOfHex("0020"), ...new Uint8Array(32).fill(7)];
    const suites = [...bytesOfHex("0004 0001 0001")];
    const contents = [1, ...bytesOfHex("0020"), ...key, ...suites, 64, name.length, ...bytesOfText(name), 0, 0];
    return [0xfe, 0x0d, contents.length >> 8, contents.length & 0xff, ...contents];
  });
  return new Uint8Array([configs.length >> 8, configs.length & 0xff, ...configs]);
}

export const target: FuzzTarget = {
  name: "ech",
  maxBytes: 300,
  longBytes: 64 * 1024,
  seeds: () => [configList("public.example"), configList("a.example", "b.example", "192.0.2.1")],
  run,
};
