/**
 * Fuzzer bytes -> what a kernel and a helper could tell a session, in a shape
 * that is right, with any contents. A step is four bytes (kind, two choices,
 * length of the payload) and the payload.
 */
import { decodeUtf8 } from "../../../src/core/event/decode-text.ts";
import type { HelperMessage } from "../../../src/core/session/session-api.ts";
import {
  cgroupRecord,
  exitRecord,
  flowBytesRecord,
  flowOpenRecord,
  flowStateRecord,
  forkRecord,
  lookupRecord,
  type OwnerFields,
  type PayloadFields,
  payloadRecord,
  processRecord,
} from "../../unit/support/encode-records.ts";

export interface Step {
  readonly kind: number;
  /** Which socket, process, direction. */
  readonly a: number;
  /** Which remote, state. */
  readonly b: number;
  readonly payload: Uint8Array;
}

/** Set by floods, so that each turn is another socket, process and moment. */
export interface Moment {
  readonly timeNs: number;
  readonly turn: number;
}

export type Action =
  | { readonly kind: "message"; readonly message: HelperMessage }
  | { readonly kind: "wait"; readonly seconds: number }
  | { readonly kind: "reverse-name"; readonly address: string; readonly name: string };

const HEAD_BYTES = 4;
const MAX_RAW_BYTES = 40;

export function readSteps(input: Uint8Array, limit: number): Step[] {
  const steps: Step[] = [];
  for (let at = 0; at + HEAD_BYTES <= input.length && steps.length < limit; ) {
    const [kind = 0, a = 0, b = 0, length = 0] = input.subarray(at, at + HEAD_BYTES);
    steps.push({ kind, a, b, payload: input.subarray(at + HEAD_BYTES, at + HEAD_BYTES + length) });
    at += HEAD_BYTES + length;
  }
  return steps;
}

export const stepBytes = (kind: number, a: number, b: number, payload: Uint8Array = new Uint8Array(0)): number[] => [
  kind,
  a,
  b,
  payload.length,
  ...payload,
];

/** The last six only by some bytes: those in front are met again and again, and so belong together. */
const ADDRESSES = [
  "192.0.2.1",
  "192.0.2.2",
  "2001:db8::1",
  "127.0.0.1",
  "224.0.0.251",
  "192.0.2.53",
  "192.0.2.253",
  "10.0.0.1",
  "169.254.1.1",
  "fe80::1",
  "fd00::1",
  "100.64.0.1",
] as const;
const PROGRAMS = ["/usr/bin/python3", "/usr/bin/node", "/usr/bin/bash", "/opt/app/app"] as const;
const PORTS = [443, 53, 5353, 80, 853, 3128, 5355, 25] as const;

const addressOf = (b: number): string => ADDRESSES[b < 0xf0 ? b % 6 : b - 0xf0] ?? ADDRESSES[0];

/** Low bits of `b`: which address; then which port. The lowest bit of `a`: which protocol; a socket speaks one all its life. */
const endsOf = ({ a, b }: Pick<Step, "a" | "b">, turn: number) => ({
  remote: addressOf(b),
  remotePort: PORTS[(b >> 3) & 7] ?? 443,
  local: addressOf(b).includes(":") ? "2001:db8::9" : addressOf(b) === "127.0.0.1" ? "127.0.0.1" : "192.0.2.9",
  localPort: 1024 + (turn & 0x7fff),
  protocol: (a & 1) === 1 ? ("udp" as const) : ("tcp" as const),
});

/** Low bits: which socket; then which process; the top bit: which direction. */
const ownerOf = (a: number, turn: number): OwnerFields => ({
  pid: 100 + ((a >> 3) & 7) + turn * 8,
  startNs: 1,
  cgroupId: (a >> 3) & 3,
  comm: "fuzz",
});
const cookieOf = (a: number, turn: number): number => (a & 7) + 1 + turn * 8;
const directionOf = (a: number): "in" | "out" => (a >> 7 === 1 ? "in" : "out");

const PAYLOAD_KINDS: readonly PayloadFields["kind"][] = [
  "dns-datagram",
  "dns-stream",
  "stream-start",
  "datagram",
  "stream-upgrade",
];

/** In this order the kinds of steps are numbered. Payloads come first: most of the work is in them. */
export const STEP = {
  payload: 0,
  open: 5,
  state: 6,
  bytes: 7,
  lookup: 8,
  exec: 9,
  fork: 10,
  exit: 11,
  cgroup: 12,
  hostsFile: 13,
  monitor: 14,
  raw: 15,
  wait: 16,
  reverseName: 17,
  arguments: 18,
  told: 19,
  count: 20,
} as const;

function payloadOf(step: Step, { timeNs, turn }: Moment): Uint8Array {
  const { kind, a, b, payload } = step;
  return payloadRecord({
    ...endsOf(step, turn),
    timeNs,
    cookie: cookieOf(a, turn),
    owner: ownerOf(a, turn),
    kind: PAYLOAD_KINDS[kind % STEP.count] ?? "datagram",
    direction: directionOf(a),
    // Streams: the first two bytes are the offset, so that pieces may be missing or come twice.
    streamOffset: (a & 0x40) === 0 ? 0 : ((payload[0] ?? 0) << 8) | (payload[1] ?? 0),
    data: (a & 0x40) === 0 ? payload : payload.subarray(2),
    originalLength: payload.length + (b & 0x40),
  });
}

/** States are told of TCP alone. */
const withSocketThatHasStates = (step: Step): Step =>
  step.kind % STEP.count === STEP.state ? { ...step, a: step.a & 0xfe } : step;

function recordOf(told: Step, moment: Moment): Uint8Array | undefined {
  const step = withSocketThatHasStates(told);
  const { kind, a, b, payload } = step;
  const { timeNs, turn } = moment;
  const common = { timeNs, cookie: cookieOf(a, turn), owner: ownerOf(a, turn), ...endsOf(step, turn) };
  const { pid } = common.owner;
  switch (kind % STEP.count) {
    case STEP.open: {
      const origin = (["connect", "send", "accept", "packet", "existing"] as const)[(payload[0] ?? 0) % 5] ?? "connect";
      return flowOpenRecord({ ...common, origin, tcpState: payload[1] ?? 0 });
    }
    case STEP.state:
      return flowStateRecord({
        ...common,
        newState: payload[0] ?? 0,
        oldState: payload[1] ?? 2,
        error: payload[2] ?? 0,
      });
    case STEP.bytes:
      return flowBytesRecord({
        ...common,
        bytesSent: 1,
        packetsSent: 1,
        run: payload[0] ?? 0,
        isFinal: payload[1] === 1,
      });
    case STEP.lookup: {
      const addresses = ADDRESSES.slice(0, b % (ADDRESSES.length + 1));
      const name = decodeUtf8(payload, 0, payload.length);
      return lookupRecord({ timeNs, owner: common.owner, name, addresses, result: (a >> 6) - 2 });
    }
    case STEP.exec:
      return processRecord({
        timeNs,
        pid,
        startNs: 1,
        exe: PROGRAMS[b & 3] ?? "",
        argv: [decodeUtf8(payload, 0, payload.length)],
      });
    case STEP.fork:
      return forkRecord({ timeNs, parentPid: pid, parentStartNs: 1, childPid: 100 + (b & 7), childStartNs: 1 });
    case STEP.exit:
      return exitRecord({ timeNs, pid, startNs: 1 });
    case STEP.cgroup:
      return cgroupRecord({ timeNs, id: a & 3, path: `/${b}` });
    case STEP.raw:
      return payload.subarray(0, MAX_RAW_BYTES); // too short for a flow of another protocol than its socket's
    default:
      return undefined;
  }
}

const FEATURE = { id: "tcp", isAttached: false, reason: "no", unseen: "all" } as const;

/** What a helper says beside records. */
function toldOf(a: number): HelperMessage {
  switch (a % 4) {
    case 0:
      return { kind: "live" };
    case 1:
      return { kind: "features", features: [FEATURE] };
    case 2:
      return { kind: "stats", stats: { sent: { fork: a }, lost: { exit: 1 } } };
    default:
      return { kind: "failure", code: "internal", detail: "x" };
  }
}

/** What one step tells the session. */
export function actionOf(step: Step, moment: Moment): Action {
  const { kind, a, b, payload } = step;
  const number = kind % STEP.count;
  const { timeNs, turn } = moment;
  const message = (told: HelperMessage): Action => ({ kind: "message", message: told });
  if (number < STEP.open) return message({ kind: "records", bytes: payloadOf(step, moment) });
  const record = recordOf(step, moment);
  if (record !== undefined) return message({ kind: "records", bytes: record });
  switch (number) {
    case STEP.hostsFile:
      return message({ kind: "hosts-file", timeNs, bytes: payload });
    case STEP.monitor:
      return message({ kind: "resolver-monitor", timeNs, bytes: payload });
    case STEP.told:
      return message(toldOf(a));
    case STEP.wait:
      return { kind: "wait", seconds: a * b };
    case STEP.arguments: {
      const argv = [decodeUtf8(payload, 0, payload.length)];
      return message({ kind: "process-arguments", processes: [{ pid: ownerOf(a, turn).pid, argv }] });
    }
    default: {
      const name = decodeUtf8(payload, 0, payload.length);
      return { kind: "reverse-name", address: addressOf(b), name };
    }
  }
}
