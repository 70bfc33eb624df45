/** What is sent again is not copied again, and does not confuse where a handshake begins. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ofType, openRig, type Rig, whyNot } from "./capture-rig.ts";
import { joinPieces } from "./dialogue.ts";

const reason = whyNot();
const programFile = (name: string) => fileURLToPath(new URL(`../fixtures/programs/${name}.mjs`, import.meta.url));

describe.skipIf(reason !== null)(`resent segments${reason === null ? "" : ` (skipped: ${reason})`}`, () => {
  let rig: Rig;
  beforeAll(() => {
    rig = openRig();
  });
  afterAll(() => rig.capture.close());

  async function run(program: string, ...words: readonly string[]) {
    const { pid, stdout, stderr } = spawnSync("unshare", ["-n", process.execPath, programFile(program), ...words], {
      encoding: "utf8",
      timeout: 20_000,
    });
    if (stdout === "") throw new Error(stderr);
    await rig.until((events) => ofType(events, "exit").some((event) => event.pid === pid));
    const pieces = ofType(rig.events, "payload").filter(({ owner }) => owner.pid === pid);
    const close = ofType(rig.events, "flow-state").find(
      ({ cookie, newState }) => newState === 7 && cookie === pieces[0]?.cookie,
    );
    return { flight: new Uint8Array(Buffer.from(stdout, "base64")), pieces, resent: close?.retransmits ?? 0 };
  }

  it("copies a flight once that the kernel retransmits because nothing comes back", async () => {
    const { flight, pieces, resent } = await run("resent-hello", "lost-answers");
    expect(resent).toBeGreaterThan(0);
    expect(new Set(pieces.map(({ kind }) => kind))).toEqual(new Set(["stream-upgrade"]));
    expect(joinPieces(pieces)).toEqual(flight);
  });

  it("copies a flight once whose segments grow while they are tried again", async () => {
    const { flight, pieces } = await run("resent-hello", "full-queue");
    expect(new Set(pieces.map(({ kind }) => kind))).toEqual(new Set(["stream-upgrade"]));
    expect(joinPieces(pieces)).toEqual(flight);
    expect(pieces.map(({ streamOffset }) => streamOffset).slice(0, 2)).toEqual([0, 1]);
  });

  it("is not ended by an answer to what stood before the flight, sent again in the middle of it", async () => {
    const { flight, pieces } = await run("resent-answer");
    expect(new Set(pieces.map(({ kind }) => kind))).toEqual(new Set(["stream-upgrade"]));
    expect(joinPieces(pieces)).toEqual(flight);
  });
});
