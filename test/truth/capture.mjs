// @ts-check
/** Telltale itself, as a user runs it: the command line records, then replays what it recorded. */
import { execFileSync } from "node:child_process";
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync, statSync } from "node:fs";
import path from "node:path";
import { start, until } from "./children.mjs";
import { repoDir } from "./programs.mjs";

const cliFile = path.join(repoDir, "out/node/cli.mjs");
/* src/contract/helper-protocol.ts; written out here so that a change of the contract is noticed */
const MAGIC_BYTES = 16;
const FRAME_HEADER_BYTES = 8;
const FRAME_LIVE = 7;
const FRAME_STATS = 5;
const START_LIMIT_MS = 20_000;

/** What must be built before a capture; undefined when all is there. @returns {string | undefined} */
export function missingBuild() {
  const needed = ["out/node/cli.mjs", "out/node/helper.mjs", "build/bpf/telltale.bpf.o"];
  const missing = needed.filter((file) => !existsSync(path.join(repoDir, file)));
  return missing.length === 0 ? undefined : `not built: ${missing.join(", ")} (run npm test or npm start once)`;
}

/**
 * The whole frames in a recording so far.
 * @param {string} file
 * @returns {{ kind: number, at: number, bytes: number }[]} `at` and `bytes` of the payload
 */
export function frames(file) {
  if (!existsSync(file)) return [];
  const size = statSync(file).size;
  const descriptor = openSync(file, "r");
  const header = Buffer.alloc(FRAME_HEADER_BYTES);
  /** @type {{ kind: number, at: number, bytes: number }[]} */
  const found = [];
  for (let at = MAGIC_BYTES; at + FRAME_HEADER_BYTES <= size; ) {
    readSync(descriptor, header, 0, FRAME_HEADER_BYTES, at);
    const bytes = header.readUInt32LE(0);
    const payloadAt = at + FRAME_HEADER_BYTES;
    at = payloadAt + bytes;
    if (at <= size) found.push({ kind: header.readUInt8(4), at: payloadAt, bytes });
  }
  closeSync(descriptor);
  return found;
}

/** @param {string} file @returns {{ sent: Record<string, number>, lost: Record<string, number> } | undefined} */
export function lastStats(file) {
  const frame = frames(file).findLast(({ kind }) => kind === FRAME_STATS);
  if (frame === undefined) return undefined;
  const descriptor = openSync(file, "r");
  const payload = Buffer.alloc(frame.bytes);
  readSync(descriptor, payload, 0, frame.bytes, frame.at);
  closeSync(descriptor);
  return JSON.parse(payload.toString("utf8"));
}

/** While it is written a recording has a temporary name beside its own. @param {string} file */
function growingFile(file) {
  const directory = path.dirname(file);
  const isGrowing = (/** @type {string} */ name) =>
    name.startsWith(`.${path.basename(file)}.`) && name.endsWith(".part");
  const growing = existsSync(directory) ? readdirSync(directory).find(isGrowing) : undefined;
  return growing === undefined ? file : path.join(directory, growing);
}

/**
 * Starts `telltale record FILE` and resolves when the kernel programs are attached.
 * @param {string} file
 * @param {import("./room.mjs").Room} [room] the machine it runs on
 * @returns {Promise<{ pid: number, stop: () => Promise<void> }>} pid: of the reader, not of its helper
 */
export async function startRecording(file, room) {
  const command = [process.execPath, cliFile, "record", file];
  const recorder = start(room?.enter(command) ?? command, { wantsJson: false });
  let status = -1;
  void recorder.ended.then((value) => {
    status = value;
  });
  await until(
    "telltale record to go live",
    () => {
      const kinds = frames(growingFile(file)).map(({ kind }) => kind);
      return status >= 0 || kinds.includes(FRAME_LIVE);
    },
    START_LIMIT_MS,
  );
  if (status >= 0) {
    await recorder.succeeded();
    throw new Error("telltale record ended by itself");
  }
  return {
    pid: recorder.pid,
    stop: async () => {
      recorder.signal("SIGINT");
      await recorder.succeeded();
    },
  };
}

/** @param {string} file @returns {string[]} */
export const replayCommand = (file) => [process.execPath, cliFile, "replay", file, "--json"];

/** @param {readonly string[]} command @returns {Promise<Record<string, any>[]>} */
async function printedObjects(command) {
  const player = start(command);
  await player.succeeded();
  return player.lines;
}

/** The flows of a recording, one object each. @param {string} file */
export const replay = (file) => printedObjects(replayCommand(file));

/** What its programs asked resolvers for, one object each. @param {string} file */
export const replayLookups = (file) => printedObjects([...replayCommand(file), "--lookups"]);

/**
 * The contacts of the report, when the user asks for reverse lookups: made where `enter` leads.
 * @param {string} file @param {(command: readonly string[]) => string[]} enter
 * @returns {Promise<Record<string, any>[]>}
 */
export async function reportReversed(file, enter) {
  const report = `${file}.json`;
  const player = start(enter([process.execPath, cliFile, "replay", file, "--reverse-dns", "--report", report]));
  await player.succeeded();
  return JSON.parse(readFileSync(report, "utf8")).contacts;
}

/** The contacts of the report. @param {string} file @returns {Promise<Record<string, any>[]>} */
export async function reportContacts(file) {
  const report = `${file}.contacts.json`;
  await start([process.execPath, cliFile, "replay", file, "--report", report]).succeeded();
  return JSON.parse(readFileSync(report, "utf8")).contacts;
}

/** What a person reads of it: in the terminal, and in the saved report. @param {string} file @returns {string} */
export function replayText(file) {
  const report = `${file}.html`;
  const options = /** @type {const} */ ({ encoding: "utf8", maxBuffer: 64 * 1024 * 1024, stdio: "pipe" });
  const text = execFileSync(process.execPath, [cliFile, "replay", file, "--report", report], options);
  return text + readFileSync(report, "utf8");
}
