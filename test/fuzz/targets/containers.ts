/** Podman's list of containers. */
import { parseContainerList } from "../../../src/core/protocol/podman/parse-container-list.ts";
import { ensure, type FuzzTarget } from "../engine/fuzz-target.ts";
import { ensurePrintable } from "../engine/safe-text.ts";
import { bytesOfText } from "../engine/seed-files.ts";

const ID = "3f4e8a1b".repeat(8);

function run(input: Uint8Array): void {
  const containers = parseContainerList(input, null);
  // `{"id":"…64…"}` and a name.
  ensure(containers.length * 64 <= input.length, () => `${containers.length} of ${input.length} bytes`);
  for (const { id, name, image } of containers) {
    ensure(/^[0-9a-f]{64}$/.test(id), () => `id ${JSON.stringify(id)}`);
    ensure(name !== null || image !== null, () => "neither name nor image");
    for (const text of [name ?? "", image ?? ""]) {
      ensurePrintable(text);
      ensure(!/\s/.test(text) && text.length <= 255, () => `not a name: ${JSON.stringify(text)}`);
    }
  }
}

const SEEDS = [
  `[{"id":"${ID}","names":["web-db"],"image":"","metadata":"{\\"image-name\\":\\"images.example/a/b:1\\"}"}]`,
  `[{"id":"${ID}","names":null,"metadata":"{\\"name\\":\\"x\\"}"},{"id":"${ID}","names":[7]},null]`,
  "[]",
];

export const target: FuzzTarget = {
  name: "containers",
  maxBytes: 240,
  longBytes: 1024 * 1024,
  seeds: () => SEEDS.map(bytesOfText),
  words: [ID, '"id":', '"names":', '"metadata":', "\\u202e", "\\n", '\\"name\\":', '\\"image-name\\":'],
  worst: () =>
    ["[", '{"a":', `{"id":"${ID}","names":["a"]},`, '"\\u0041', "9"].map((part) =>
      bytesOfText(`[${part.repeat(Math.floor((1024 * 1024) / part.length))}`).subarray(0, 1024 * 1024),
    ),
  run,
};
