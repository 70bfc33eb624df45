/**
 * systemd-resolved's monitor (varlink io.systemd.Resolve.Monitor, method
 * SubscribeQueryResults): JSON objects, each ended by a NUL byte -> what was
 * asked and answered on this machine, whoever asked.
 */
import { decodeUtf8 } from "../../event/decode-text.ts";
import { type MonitorAnswer, parseMonitorReply } from "./parse-monitor-reply.ts";

export interface MonitorCounters {
  /** Messages that are not JSON, or not as described. */
  malformed: number;
  /** Messages over the cap. */
  tooLong: number;
}

export interface MonitorReader {
  /** Bytes of the stream, cut anywhere. */
  readonly push: (bytes: Uint8Array) => readonly MonitorAnswer[];
  readonly counters: Readonly<MonitorCounters>;
}

/** An answer of 4,096 records takes some 800 KiB of JSON; usual ones take 1 KiB. */
export const MAX_MESSAGE_BYTES = 1024 * 1024;
const NUL = 0;

interface State {
  /** Parts of the unfinished message. */
  parts: Uint8Array[];
  bytes: number;
  /** Inside a message that is too long: up to its end everything is passed over. */
  isSkipping: boolean;
  readonly counters: MonitorCounters;
}

function keep(state: State, part: Uint8Array): void {
  if (state.isSkipping || part.length === 0) return;
  state.bytes += part.length;
  if (state.bytes > MAX_MESSAGE_BYTES) {
    state.counters.tooLong += 1;
    state.isSkipping = true;
    state.parts = [];
    return;
  }
  state.parts.push(part.slice()); // the piece's memory is not ours
}

function takeMessage(state: State): string | null {
  const { parts, isSkipping } = state;
  const joined = new Uint8Array(isSkipping ? 0 : state.bytes);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  state.parts = [];
  state.bytes = 0;
  state.isSkipping = false;
  return isSkipping || joined.length === 0 ? null : decodeUtf8(joined, 0, joined.length);
}

export function createMonitorReader(): MonitorReader {
  const state: State = { parts: [], bytes: 0, isSkipping: false, counters: { malformed: 0, tooLong: 0 } };
  function push(bytes: Uint8Array): readonly MonitorAnswer[] {
    const answers: MonitorAnswer[] = [];
    let start = 0;
    for (let end = bytes.indexOf(NUL); end >= 0; end = bytes.indexOf(NUL, start)) {
      keep(state, bytes.subarray(start, end));
      start = end + 1;
      const text = takeMessage(state);
      const answer = text === null ? null : parseMonitorReply(text);
      if (answer === undefined) state.counters.malformed += 1;
      else if (answer !== null) answers.push(answer);
    }
    keep(state, bytes.subarray(start));
    return answers;
  }
  return { push, counters: state.counters };
}
