/**
 * The payload of one frame -> HelperMessage. Our own helper wrote it, so
 * anything unexpected throws and says what was expected and what came. The
 * same code reads recordings made by others: counts and lengths are limited.
 */
import type { CgroupPath, Hello, KernelStats, ProcessArguments } from "../core/model/capture-facts.ts";
import type { CaptureCost, Fallback, Feature } from "../core/model/coverage.ts";
import type { HelperMessage } from "../core/session/session-api.ts";
import { FRAME_KIND, type FrameKind, PROTOCOL_VERSION, STAMP_BYTES } from "./helper-protocol.ts";

/** Two dozen programs exist; 256 leaves room and stays readable on a screen. */
const MAX_FEATURES = 256;
/** pid_max is 4,194,304 but no workstation runs more processes than this at once. */
const MAX_ENTRIES = 65_536;
/** ARG_MAX allows more; the helper cuts long command lines. */
const MAX_ARGUMENTS = 4096;
/** Long enough for a path (PATH_MAX 4096) and for what libbpf says about a failed load. */
const MAX_TEXT_LENGTH = 65_536;
/** Record types number eight; a later helper may have more. */
const MAX_COUNTERS = 64;
/** They are kept, and sent to the window with every status. */
const MAX_COUNTER_NAME_LENGTH = 64;

function describe(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return `an array of ${value.length}`;
  return typeof value;
}

const wrong = (where: string, expected: string, value: unknown): TypeError =>
  new TypeError(`${where}: expected ${expected}, got ${describe(value)}`);

type Fields = Readonly<Record<string, unknown>>;

function fields(where: string, value: unknown): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong(where, "an object", value);
  return value as Fields;
}

function list<T>(where: string, value: unknown, limit: number, narrow: (where: string, item: unknown) => T): T[] {
  if (!Array.isArray(value)) throw wrong(where, "an array", value);
  if (value.length > limit) throw wrong(where, `at most ${limit} entries`, value);
  return value.map((item, index) => narrow(`${where}[${index}]`, item));
}

function text(where: string, value: unknown): string {
  if (typeof value !== "string") throw wrong(where, "text", value);
  if (value.length > MAX_TEXT_LENGTH) throw new TypeError(`${where}: text of ${value.length} characters is too long`);
  return value;
}

function finite(where: string, value: unknown): number {
  if (typeof value !== "number" || !Number.isFinite(value)) throw wrong(where, "a number", value);
  return value;
}

function count(where: string, value: unknown): number {
  const number = finite(where, value);
  if (!Number.isSafeInteger(number) || number < 0) throw new TypeError(`${where}: expected a count, got ${number}`);
  return number;
}

function flag(where: string, value: unknown): boolean {
  if (typeof value !== "boolean") throw wrong(where, "true or false", value);
  return value;
}

function narrowFeature(where: string, value: unknown): Feature {
  const feature = fields(where, value);
  return {
    id: text(`${where}.id`, feature.id),
    isAttached: flag(`${where}.isAttached`, feature.isAttached),
    reason: feature.reason === null ? null : text(`${where}.reason`, feature.reason),
    unseen: text(`${where}.unseen`, feature.unseen),
    ...(feature.fallback === undefined ? {} : { fallback: narrowFallback(`${where}.fallback`, feature.fallback) }),
  };
}

function narrowFallback(where: string, value: unknown): Fallback {
  const fallback = fields(where, value);
  return {
    refusal: text(`${where}.refusal`, fallback.refusal),
    lacks: fallback.lacks === null ? null : text(`${where}.lacks`, fallback.lacks),
  };
}

function narrowCost(value: unknown): CaptureCost {
  const cost = fields("hello.cost", value);
  return {
    loadMs: finite("hello.cost.loadMs", cost.loadMs),
    attachMs: finite("hello.cost.attachMs", cost.attachMs),
    programs: list("hello.cost.programs", cost.programs, MAX_FEATURES, (where, item) => {
      const program = fields(where, item);
      const { verifiedInstructions } = program;
      return {
        name: text(`${where}.name`, program.name),
        instructions: count(`${where}.instructions`, program.instructions),
        verifiedInstructions:
          verifiedInstructions === null ? null : count(`${where}.verifiedInstructions`, verifiedInstructions),
      };
    }),
  };
}

function narrowHello(value: unknown): Hello {
  const hello = fields("hello", value);
  const protocolVersion = count("hello.protocolVersion", hello.protocolVersion);
  if (protocolVersion !== PROTOCOL_VERSION) {
    throw new Error(
      `the helper speaks protocol ${protocolVersion}; this version of Telltale speaks ${PROTOCOL_VERSION}`,
    );
  }
  return {
    protocolVersion,
    abiVersion: count("hello.abiVersion", hello.abiVersion),
    telltaleVersion: text("hello.telltaleVersion", hello.telltaleVersion),
    kernelRelease: text("hello.kernelRelease", hello.kernelRelease),
    architecture: text("hello.architecture", hello.architecture),
    bootWallMs: finite("hello.bootWallMs", hello.bootWallMs),
    startedAtNs: finite("hello.startedAtNs", hello.startedAtNs),
    features: list("hello.features", hello.features, MAX_FEATURES, narrowFeature),
    ...(hello.cost === undefined ? {} : { cost: narrowCost(hello.cost) }),
  };
}

function narrowArguments(where: string, value: unknown): ProcessArguments {
  const entry = fields(where, value);
  return {
    pid: count(`${where}.pid`, entry.pid),
    argv: list(`${where}.argv`, entry.argv, MAX_ARGUMENTS, text),
    ...(entry.isExeDeleted === undefined ? {} : { isExeDeleted: flag(`${where}.isExeDeleted`, entry.isExeDeleted) }),
  };
}

function narrowCgroup(where: string, value: unknown): CgroupPath {
  const entry = fields(where, value);
  const id = text(`${where}.id`, entry.id);
  if (!/^\d{1,20}$/.test(id)) throw new TypeError(`${where}.id: expected a decimal number`);
  return { id, path: text(`${where}.path`, entry.path) };
}

function counters(where: string, value: unknown): Record<string, number> {
  const entries = Object.entries(fields(where, value));
  if (entries.length > MAX_COUNTERS) throw new TypeError(`${where}: ${entries.length} counters are too many`);
  return Object.fromEntries(
    entries.map(([name, number]) => {
      if (name.length > MAX_COUNTER_NAME_LENGTH) throw new TypeError(`${where}: a name of ${name.length} characters`);
      return [name, count(`${where}.${name}`, number)];
    }),
  );
}

function narrowStats(value: unknown): KernelStats {
  const stats = fields("stats", value);
  return { sent: counters("stats.sent", stats.sent), lost: counters("stats.lost", stats.lost) };
}

const utf8 = new TextDecoder("utf-8");

function parseJson(where: string, payload: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(payload)) as unknown;
  } catch {
    throw new Error(`${where}: expected JSON, got ${payload.length} bytes of something else`);
  }
}

/** Narrows one payload; `records` are passed on unread. */
/** u64le time, then bytes that nobody has read yet. */
function narrowTimed(where: string, payload: Uint8Array): { readonly timeNs: number; readonly bytes: Uint8Array } {
  if (payload.length < STAMP_BYTES) throw new TypeError(`${where}: ${payload.length} bytes are no time`);
  const view = new DataView(payload.buffer, payload.byteOffset, STAMP_BYTES);
  const timeNs = view.getUint32(0, true) + view.getUint32(4, true) * 4_294_967_296;
  return { timeNs, bytes: payload.subarray(STAMP_BYTES) };
}

export function narrowMessage(kind: FrameKind, payload: Uint8Array): HelperMessage {
  switch (kind) {
    case FRAME_KIND.records:
      return { kind: "records", bytes: payload };
    case FRAME_KIND.hello:
      return { kind: "hello", hello: narrowHello(parseJson("hello", payload)) };
    case FRAME_KIND.processArguments: {
      const value = parseJson("process arguments", payload);
      return { kind: "process-arguments", processes: list("process arguments", value, MAX_ENTRIES, narrowArguments) };
    }
    case FRAME_KIND.cgroups:
      return {
        kind: "cgroups",
        cgroups: list("cgroups", parseJson("cgroups", payload), MAX_ENTRIES, narrowCgroup),
      };
    case FRAME_KIND.stats:
      return { kind: "stats", stats: narrowStats(parseJson("stats", payload)) };
    case FRAME_KIND.failure: {
      const failure = fields("failure", parseJson("failure", payload));
      return {
        kind: "failure",
        code: text("failure.code", failure.code),
        detail: text("failure.detail", failure.detail),
      };
    }
    case FRAME_KIND.live:
      return { kind: "live" };
    case FRAME_KIND.features:
      return {
        kind: "features",
        features: list("features", parseJson("features", payload), MAX_FEATURES, narrowFeature),
      };
    case FRAME_KIND.hostsFile:
      return { kind: "hosts-file", ...narrowTimed("hosts file", payload) };
    case FRAME_KIND.resolverMonitor:
      return { kind: "resolver-monitor", ...narrowTimed("resolver monitor", payload) };
    case FRAME_KIND.containerList:
      return { kind: "container-list", bytes: payload };
    default: {
      const unreachable: never = kind;
      throw new Error(`unknown frame kind ${String(unreachable)}`);
    }
  }
}
