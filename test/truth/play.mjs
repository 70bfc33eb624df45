// @ts-check
/** Plays scenarios once, all at the same time, under one recording, and keeps what everybody said of it. */
import { copyFileSync } from "node:fs";
import { replay, replayLookups, replayText, reportContacts, reportReversed, startRecording } from "./capture.mjs";
import { pause } from "./children.mjs";
import { keepPackets, oracleObstacle } from "./oracle/packets.mjs";
import { patience } from "./patience.mjs";

/** @typedef {import("./world.mjs").World} World */
/** @typedef {import("./scenario.mjs").Scenario} Scenario */
/** @typedef {import("./scenario.mjs").Truth} Truth */
/**
 * @typedef {object} Play
 * @property {readonly PromiseSettledResult<Truth>[]} outcomes by scenario
 * @property {Awaited<ReturnType<typeof readSaid>>} said
 * @property {readonly string[]} packetFiles empty where nobody could keep packets
 */

const SETTLE_MS = 400; // the helper drains the ring every 50 ms; sockets need a moment to be released

/**
 * What Telltale says of the recording, asked for only as far as a scenario wants it.
 * @param {World} world @param {readonly Truth[]} truths
 */
async function readSaid(world, truths) {
  const file = world.recording;
  const explain = (/** @type {unknown} */ error) => String(error instanceof Error ? error.message : error);
  const isWanted = (/** @type {keyof Truth} */ part) => truths.some((truth) => truth[part] !== undefined);
  return {
    flows: await replay(file),
    lookups: isWanted("lookups") ? await replayLookups(file).catch(explain) : [],
    reversed: isWanted("reversed") ? await reportReversed(file, world.enterClient).catch(explain) : [],
    contacts: isWanted("edges") ? await reportContacts(file).catch(explain) : [],
    text: isWanted("texts") ? replayText(file) : "",
  };
}

/**
 * @param {World} world @param {readonly Scenario[]} scenarios
 * @param {{ keepFile?: string | undefined, keepsPackets?: boolean }} options
 * @returns {Promise<Play>}
 */
export async function play(world, scenarios, { keepFile, keepsPackets = false }) {
  await world.open();
  const prepared = await Promise.allSettled(scenarios.map((scenario) => scenario.before?.(world)));
  const recording = await startRecording(world.recording, world.machine);
  const packets = keepsPackets && oracleObstacle() === undefined ? await keepPackets(world) : undefined;
  const outcomes = await Promise.allSettled(
    scenarios.map(async (scenario, index) => {
      const preparation = prepared[index];
      if (preparation?.status === "rejected") throw preparation.reason;
      const truth = await scenario.run(world, preparation?.value);
      return "flows" in truth ? truth : { flows: truth };
    }),
  );
  await pause(SETTLE_MS * patience);
  await packets?.stop();
  await recording.stop();
  if (keepFile !== undefined) {
    copyFileSync(world.recording, keepFile);
    packets?.files.forEach((file, index) => void copyFileSync(file, `${keepFile}.${index}.pcapng`));
  }
  const truths = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
  return { outcomes, said: await readSaid(world, truths), packetFiles: packets?.files ?? [] };
}
