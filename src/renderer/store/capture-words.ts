/** Every capture state and problem in plain words, with the next step. Pure; a table, not a switch. */
import type { CaptureProblem, CaptureState, SessionStatus } from "../../contract/ipc-schema.ts";
import type { Feature } from "../../core/model/coverage.ts";
import { displayText } from "../../core/model/display-text.ts";
import { formatCount } from "../../core/model/format.ts";
import { missingFeatures } from "../../core/model/optional-sources.ts";

export type Step = "start" | "demo" | "open";

export interface CaptureWords {
  readonly title: string;
  readonly text: string;
  /** What the system said, for who wants to know; null when there is nothing to add. */
  readonly detail: string | null;
  /** A command to copy, or null. */
  readonly command: string | null;
  readonly steps: readonly Step[];
  readonly startLabel: string;
  readonly isBusy: boolean;
  readonly isProblem: boolean;
}

type ProblemCode = CaptureProblem["code"];
type ProblemText = Pick<CaptureWords, "title" | "text" | "startLabel"> & { readonly command?: string };

const PROBLEMS: Readonly<Record<ProblemCode, ProblemText>> = {
  refused: {
    title: "Permission was not given",
    text: "Nothing is being watched. Telltale needs an administrator's permission once per session, for a small helper that reads connections from the kernel. The window itself stays without privileges.",
    startLabel: "Ask again",
  },
  "no-agent": {
    title: "This desktop cannot ask for permission",
    text: "No permission dialog is running here. Start a polkit agent (for example lxpolkit or polkit-gnome) and try again, or watch from a terminal:",
    command: "sudo bin/telltale watch",
    startLabel: "Try again",
  },
  "helper-lost": {
    title: "The connection to the helper was lost",
    text: "What was seen so far is kept; nothing new arrives. Start watching again to go on.",
    startLabel: "Watch again",
  },
  "not-built": {
    title: "The kernel part is not built yet",
    text: "A file that Telltale loads into the kernel is missing. This command builds everything that is missing and starts again:",
    command: "npm start",
    startLabel: "Try again",
  },
  "no-btf": {
    title: "This kernel does not describe itself",
    text: "Telltale needs type information (BTF) from the kernel to read it safely. Kernels of Debian, Ubuntu, Fedora, Arch and openSUSE since 2021 have it; this one was built without CONFIG_DEBUG_INFO_BTF. Recordings and the demo work.",
    startLabel: "Try again",
  },
  "no-cgroup2": {
    title: "Control groups (cgroup v2) are not available",
    text: "Telltale attaches to the cgroup v2 tree to see each connection with its program. Mount it, or boot with systemd.unified_cgroup_hierarchy=1, then try again:",
    command: "sudo mkdir -p /run/cgroup2 && sudo mount -t cgroup2 none /run/cgroup2",
    startLabel: "Try again",
  },
  "no-permission": {
    title: "The kernel did not allow it",
    text: "The helper was started but may not load programs into the kernel. A container or a locked-down kernel can be the reason. Try outside the container, or look at what this machine allows:",
    command: "bin/telltale doctor",
    startLabel: "Try again",
  },
  "load-failed": {
    title: "The kernel did not accept the program",
    text: "Nothing is being watched. This command says what this kernel allows; please send its output with a bug report:",
    command: "bin/telltale doctor",
    startLabel: "Try again",
  },
  "peer-refused": {
    title: "The helper did not accept this window",
    text: "The helper only talks to the user who started it. Close other copies of Telltale and try again.",
    startLabel: "Try again",
  },
  internal: {
    title: "The helper stopped by itself",
    text: "Nothing new arrives. This is a fault of Telltale; what the helper said is below.",
    startLabel: "Try again",
  },
};

const CALM = { detail: null, command: null, isBusy: false, isProblem: false } as const;
const ALL_STEPS: readonly Step[] = ["start", "demo", "open"];

/** What to say while the graph is empty; for a problem, also what the banner says above a graph. */
export function captureWords(capture: CaptureState): CaptureWords {
  switch (capture.mode) {
    case "idle":
      return {
        ...CALM,
        title: "See who your programs talk to",
        text: "Telltale shows which program on this machine contacts which destination, by name, and which of them send telemetry. Everything stays on this machine.",
        steps: ALL_STEPS,
        startLabel: "Start watching",
      };
    case "waiting-for-permission":
      return {
        ...CALM,
        title: "Waiting for your permission",
        text: "Your system is asking for an administrator's password. Only a small helper gets the privilege; it reads connections and nothing else, and ends with this window.",
        steps: [],
        startLabel: "",
        isBusy: true,
      };
    case "starting":
      return {
        ...CALM,
        title: "Starting",
        text: "Reading what already runs.",
        steps: [],
        startLabel: "",
        isBusy: true,
      };
    case "live":
      return {
        ...CALM,
        title: "Watching. Nothing to show yet",
        text: "Connections appear here as programs make them. Open a browser or a terminal program, or look at the demo.",
        steps: ["demo"],
        startLabel: "",
      };
    case "replaying":
      return {
        ...CALM,
        title: capture.isFinished ? "This recording holds no connections" : "Replaying",
        text: capture.isFinished
          ? "It may have been made on a quiet machine."
          : "Connections appear as they were recorded.",
        steps: capture.isFinished ? ALL_STEPS : [],
        startLabel: "Start watching",
        isBusy: !capture.isFinished,
      };
    case "stopped":
      return {
        ...CALM,
        title: "Stopped",
        text: "Nothing was seen in this session.",
        steps: ALL_STEPS,
        startLabel: "Start watching",
      };
    case "problem":
      return problemWords(capture.problem);
  }
}

export function problemWords(problem: CaptureProblem): CaptureWords {
  const { title, text, startLabel, command } = PROBLEMS[problem.code];
  const said = "detail" in problem ? displayText(problem.detail) : "";
  return {
    title,
    text,
    startLabel,
    command: command ?? null,
    detail: said === "" ? null : said,
    steps: ALL_STEPS,
    isBusy: false,
    isProblem: true,
  };
}

export interface BannerWords {
  readonly tone: "problem" | "degraded";
  readonly title: string;
  readonly text: string;
  readonly startLabel: string | null;
}

/** The one banner above a graph that has something in it; null when all is well. A problem comes before a gap. */
export function bannerWords(status: SessionStatus): BannerWords | null {
  if (status.capture.mode === "problem") {
    const words = problemWords(status.capture.problem);
    return { tone: "problem", title: words.title, text: words.text, startLabel: words.startLabel };
  }
  const missing = missingFeatures(status.coverage);
  const damage = missing.find((feature) => feature.id === RECORDING_GAP);
  if (damage !== undefined) return damageWords(damage);
  if (missing.length === 0) return null;
  const unseen = asSentence(missing.map((feature) => displayText(feature.unseen)).join("; "));
  if (status.capture.mode === "live") {
    return { tone: "degraded", title: "Some things are not seen", text: unseen, startLabel: null };
  }
  if (status.capture.mode === "replaying") {
    return { tone: "degraded", title: "Some things were not seen", text: unseen, startLabel: null };
  }
  return null;
}

const asSentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** The id under which main reports a recording that could not be read to its end. */
const RECORDING_GAP = "recording";

function damageWords({ reason }: Feature): BannerWords {
  const why = reason === null ? "" : `: ${displayText(reason)}`;
  return {
    tone: "problem",
    title: "This recording is damaged",
    text: `It could not be read to its end${why}. What came before that place is shown.`,
    startLabel: null,
  };
}

/** The short text of the status line's left end. */
export function coverageWords(status: SessionStatus): string {
  const isNow = status.capture.mode === "live";
  const missing = missingFeatures(status.coverage).length;
  if (status.coverage.features.length === 0) return "What is seen";
  if (missing > 0) return `${formatCount(missing, "thing")} not seen`;
  return isNow ? "Seeing all TCP and UDP" : "All TCP and UDP was seen";
}

const MODE_LABELS: Readonly<Record<CaptureState["mode"], string>> = {
  idle: "Not watching",
  "waiting-for-permission": "Waiting for permission",
  starting: "Starting",
  live: "Live",
  replaying: "Replaying",
  stopped: "Stopped",
  problem: "Not watching",
};

export function modeLabel(capture: CaptureState): string {
  if (capture.mode !== "replaying") return MODE_LABELS[capture.mode];
  const what = capture.isDemo ? "Demo" : displayText(baseName(capture.file));
  return capture.isFinished ? `${what}, played to the end` : `Replaying ${what}`;
}

export const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
