/**
 * CONTRACT 3: main <-> renderer. One object is the schema; preload and main
 * derive their API from it. Requests go renderer -> main and answer once;
 * events go main -> renderer. `parse` narrows `unknown` on the main side.
 */

import type { GraphDiff } from "../core/graph/graph.ts";
import type { Coverage } from "../core/model/coverage.ts";
import type { Flow } from "../core/model/flow.ts";
import type { EdgeId, NodeId } from "../core/model/ids.ts";
import type { Lookup } from "../core/model/lookup.ts";
import type { OwningPackage } from "../core/model/owning-package.ts";
import type { FailureCode } from "./helper-protocol.ts";

/** Why there is no live capture. The UI has a text and a next step for each. */
export type CaptureProblem =
  | { readonly code: "refused" } // the user said no in the dialog, or may not
  | { readonly code: "no-agent" } // no polkit agent or no elevation tool
  | { readonly code: "helper-lost"; readonly detail: string }
  | { readonly code: "not-built"; readonly detail: string } // BPF objects or addon missing
  | { readonly code: FailureCode; readonly detail: string };

export type CaptureState =
  | { readonly mode: "idle" } // nothing started yet: first run
  | { readonly mode: "waiting-for-permission" }
  | { readonly mode: "starting" }
  | { readonly mode: "live"; readonly recordingFile: string | null }
  | { readonly mode: "replaying"; readonly file: string; readonly isDemo: boolean; readonly isFinished: boolean }
  | { readonly mode: "stopped" }
  | { readonly mode: "problem"; readonly problem: CaptureProblem };

export interface SessionStatus {
  readonly capture: CaptureState;
  readonly coverage: Coverage;
  readonly recordsPerSec: number;
  /** CLOCK_BOOTTIME of the newest record; all *Ns times are relative to the same clock. */
  readonly nowNs: number;
  readonly startedAtNs: number;
  /** Unix ms at CLOCK_BOOTTIME 0: wall clock = bootWallMs + ns / 1e6. */
  readonly bootWallMs: number;
  readonly isRoot: boolean;
  readonly kernelRelease: string | null;
}

export interface GraphUpdate {
  /** True: replace everything by this (first update, new session). */
  readonly isReset: boolean;
  readonly diff: GraphDiff;
  readonly status: SessionStatus;
}

export type ExportFormat = "html" | "json";
export type ExportResult =
  | { readonly outcome: "saved"; readonly path: string }
  | { readonly outcome: "cancelled" }
  | { readonly outcome: "failed"; readonly reason: string }; // plain words: "the disk is full"

export type OpenResult =
  | { readonly outcome: "opened" }
  | { readonly outcome: "cancelled" }
  | { readonly outcome: "failed"; readonly reason: string };

export type ReverseNameResult =
  /** What the owners of the destination's addresses call them; empty: they gave no names. */
  | { readonly outcome: "looked-up"; readonly names: readonly { readonly address: string; readonly name: string }[] }
  | { readonly outcome: "failed"; readonly reason: string };

/** What this machine's files say of a program, besides its records. */
export type ProgramFilesResult =
  | {
      readonly outcome: "looked-up";
      /** Of its script, else its executable. */
      readonly package: OwningPackage | null;
      /** False: nothing can be said of packages here; where it is true, `null` above means of none. */
      readonly isPackageKnown: boolean;
      /** What the menu entry that starts it is called, of those root installed. */
      readonly desktopName: string | null;
      /** Of its processes, those that were seen to run a file that is gone from its place. */
      readonly deletedPids: readonly number[];
    }
  /** In plain words: it may have run on another machine, or is no longer known. */
  | { readonly outcome: "not-here"; readonly reason: string };

export interface Preferences {
  readonly theme: "system" | "dark" | "light";
  readonly leftWidthPx: number;
  readonly rightWidthPx: number;
}

function nothing(value: unknown): undefined {
  if (value !== undefined && value !== null) throw new TypeError(`expected no argument, got ${typeof value}`);
  return undefined;
}

function exportFormat(value: unknown): ExportFormat {
  if (value === "html" || value === "json") return value;
  throw new TypeError("expected an export format: html or json");
}

function edge(value: unknown): EdgeId {
  if (typeof value === "string" && value.length > 0 && value.length <= 4096) return value as EdgeId;
  throw new TypeError("expected an edge id");
}

function node(value: unknown): NodeId {
  if (typeof value === "string" && value.length > 0 && value.length <= 4096) return value as NodeId;
  throw new TypeError("expected a node id");
}

function widthPx(value: unknown): number {
  if (typeof value === "number" && Number.isFinite(value) && value >= 0 && value <= 4096) return Math.round(value);
  throw new TypeError("expected a pane width in px");
}

function preferences(value: unknown): Preferences {
  if (typeof value !== "object" || value === null) throw new TypeError("expected preferences");
  const { theme, leftWidthPx, rightWidthPx } = value as Record<string, unknown>;
  if (theme !== "system" && theme !== "dark" && theme !== "light") throw new TypeError("unknown theme");
  return { theme, leftWidthPx: widthPx(leftWidthPx), rightWidthPx: widthPx(rightWidthPx) };
}

interface Request<Argument, Result> {
  readonly parse: (value: unknown) => Argument;
  readonly result?: Result; // carries the type only
}
const request = <Argument, Result>(parse: (value: unknown) => Argument): Request<Argument, Result> => ({ parse });

export const REQUESTS = {
  /** Ask for the privilege and go live (also: try again after a problem). */
  startCapture: request<undefined, void>(nothing),
  stopCapture: request<undefined, void>(nothing),
  /** The renderer is ready: main answers with a reset update. */
  subscribe: request<undefined, void>(nothing),
  openRecording: request<undefined, OpenResult>(nothing),
  openDemo: request<undefined, OpenResult>(nothing),
  startRecording: request<undefined, ExportResult>(nothing),
  stopRecording: request<undefined, void>(nothing),
  exportReport: request<ExportFormat, ExportResult>(exportFormat),
  /** The flows behind one edge, newest first, at most 200. */
  flowsOfEdge: request<EdgeId, readonly Flow[]>(edge),
  /** What a program asked resolvers for, newest first, at most 500. */
  lookupsOfProgram: request<NodeId, readonly Lookup[]>(node),
  /** Package, menu entry and replaced executables of a program that was seen on this machine. */
  lookUpProgramFiles: request<NodeId, ProgramFilesResult>(node),
  /** Asks the system's resolver for the names of an unnamed destination's addresses. Makes traffic: only on the user's click. */
  lookUpReverseNames: request<NodeId, ReverseNameResult>(node),
  loadPreferences: request<undefined, Preferences>(nothing),
  savePreferences: request<Preferences, void>(preferences),
} as const;

export const EVENTS = {
  /** At most 4 a second. */
  update: null as unknown as GraphUpdate,
} as const;

export type RequestName = keyof typeof REQUESTS;
export type RequestArgument<N extends RequestName> = ReturnType<(typeof REQUESTS)[N]["parse"]>;
export type RequestResult<N extends RequestName> = (typeof REQUESTS)[N] extends Request<unknown, infer R> ? R : never;

/** What preload exposes as `window.telltale`. */
export type TelltaleApi = {
  readonly [N in RequestName]: RequestArgument<N> extends undefined
    ? () => Promise<RequestResult<N>>
    : (argument: RequestArgument<N>) => Promise<RequestResult<N>>;
} & {
  /** Returns the function that unsubscribes. */
  readonly onUpdate: (listener: (update: GraphUpdate) => void) => () => void;
};

export const requestChannel = (name: RequestName): string => `telltale:${name}`;
export const eventChannel = (name: keyof typeof EVENTS): string => `telltale:event:${name}`;
