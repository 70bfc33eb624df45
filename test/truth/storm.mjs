// @ts-check
/**
 * Records a storm of connections and counts what Telltale kept of it.
 *
 * node test/truth/storm.mjs [--rate 5000] [--seconds 60] [--stall 0] [--json] [--keep FILE]
 *
 * The load alone, without Telltale (see test/fixtures/programs/storm.c):
 *   node test/truth/programs.mjs storm && build/truth/bin/storm --rate 5000 --seconds 60
 *
 * --stall: seconds for which the reader is stopped in the middle, so that the kernel runs out of room: what is lost then
 * must be counted exactly.
 *
 * Every connection is two flows: the client's and the accepted one. Exits 0
 * when every flow was seen and no record was lost.
 */
import { spawn } from "node:child_process";
import { closeSync, copyFileSync, mkdtempSync, openSync, readSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { frames, lastStats, missingBuild, replayCommand, startRecording } from "./capture.mjs";
import { endAll, pause, start } from "./children.mjs";
import { programPath } from "./programs.mjs";

/** A replay of a full storm is hundreds of MB of JSON: lines are searched, not kept. */
/** @param {string} file @param {string} exe @param {number} port */
async function countFlows(file, exe, port) {
  const [command = "", ...args] = replayCommand(file);
  const player = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
  const counts = { outbound: 0, inbound: 0, wrongBytes: 0, unattributed: 0 };
  for await (const line of createInterface({ input: player.stdout })) {
    if (!line.includes(`"port":${port}`)) continue;
    if (!line.includes(exe)) {
      counts.unattributed++;
      continue;
    }
    const flow = JSON.parse(line);
    if (flow.direction === "outbound") counts.outbound++;
    else counts.inbound++;
    if (flow.bytesSent !== flow.bytesReceived) counts.wrongBytes++;
  }
  return counts;
}

const RECORDS_FRAME = 2; // src/contract/helper-protocol.ts
const SIZE_AT = 8; // of a record's header, bpf/event.h
const TYPE_AT = 12;
const FLOW_OPEN = 1;

/** Records in the recording: all, and those that open a flow. @param {string} file */
function countDelivered(file) {
  const descriptor = openSync(file, "r");
  let records = 0;
  let opens = 0;
  for (const { at, bytes } of frames(file).filter(({ kind }) => kind === RECORDS_FRAME)) {
    const payload = Buffer.alloc(bytes);
    readSync(descriptor, payload, 0, bytes, at);
    for (let next = 0; next < bytes; next += payload.readUInt32LE(next + SIZE_AT)) {
      records++;
      if (payload.readUInt16LE(next + TYPE_AT) === FLOW_OPEN) opens++;
    }
  }
  closeSync(descriptor);
  return { records, opens };
}

/** @param {Record<string, number> | undefined} byType */
const total = (byType) => Object.values(byType ?? {}).reduce((sum, count) => sum + count, 0);

/**
 * Is what was lost known to the record? The kernel counts what it handed over and what found no room; the first must
 * be what was recorded (what was there before we began is recorded on top), and both what the storm really did.
 * @param {string} file @param {ReturnType<typeof lastStats>} stats @param {number} flowsExpected
 */
function accountOf(file, stats, flowsExpected) {
  const delivered = countDelivered(file);
  const opensCounted = (stats?.sent["flow-open"] ?? 0) + (stats?.lost["flow-open"] ?? 0);
  return {
    recordsDelivered: delivered.records,
    opensDelivered: delivered.opens,
    opensSent: stats?.sent["flow-open"] ?? 0,
    opensLost: stats?.lost["flow-open"] ?? 0,
    isLossExact: opensCounted >= flowsExpected && delivered.records >= total(stats?.sent),
  };
}

/** @param {number} pid @param {number} seconds */
async function stall(pid, seconds) {
  await pause(1000);
  process.kill(pid, "SIGSTOP");
  await pause(seconds * 1000);
  process.kill(pid, "SIGCONT");
}

/** @param {string} rate @param {string} seconds @param {string} file @param {number} stallSeconds */
async function measure(rate, seconds, file, stallSeconds) {
  const exe = programPath("storm");
  const recording = await startRecording(file);
  const storm = start([exe, "--rate", rate, "--seconds", seconds]);
  if (stallSeconds > 0) await stall(recording.pid, stallSeconds);
  await storm.ended;
  const truth = storm.lines[0];
  if (truth === undefined) throw new Error("the storm said nothing");
  await pause(1000);
  const stopMs = Date.now();
  await recording.stop();
  const counts = await countFlows(file, exe, truth.port);
  const stats = lastStats(file);
  const flowsExpected = truth.connections + truth.accepted;
  return {
    connections: truth.connections,
    connectionsFailed: truth.failed,
    ratePerSec: truth.ratePerSec,
    flowsExpected,
    flowsSeen: counts.outbound + counts.inbound,
    ...counts,
    recordsSent: total(stats?.sent),
    recordsLost: total(stats?.lost),
    ...accountOf(file, stats, flowsExpected),
    lost: Math.max(flowsExpected - counts.outbound - counts.inbound, total(stats?.lost)),
    recordingBytes: statSync(file).size,
    judgeMs: Date.now() - stopMs,
  };
}

const { values } = parseArgs({
  options: {
    rate: { type: "string", default: "5000" },
    seconds: { type: "string", default: "60" },
    stall: { type: "string", default: "0" },
    json: { type: "boolean" },
    keep: { type: "string" },
  },
});
const missing = missingBuild();
if (missing !== undefined) throw new Error(missing);
const directory = mkdtempSync(path.join(tmpdir(), "telltale-storm-"));
const clean = () => {
  endAll();
  rmSync(directory, { recursive: true, force: true });
};
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
  process.once(signal, () => {
    clean();
    process.exit(130);
  });
}
try {
  const file = path.join(directory, "storm.ttrec");
  const result = await measure(values.rate, values.seconds, file, Number(values.stall));
  if (values.keep !== undefined) copyFileSync(file, values.keep);
  if (values.json === true) console.log(JSON.stringify(result));
  else for (const [key, value] of Object.entries(result)) console.log(`${key.padEnd(18)}${value}`);
  process.exitCode = result.lost > 0 || result.wrongBytes > 0 ? 1 : 0;
} finally {
  clean();
}
