/** `doctor --probe`: the real helper loads and attaches everything, tells what came of it, and goes. */
import type { CaptureCost, Feature } from "../core/model/coverage.ts";
import { displayText } from "../core/model/display-text.ts";
import { groupDigits } from "../core/model/format.ts";
import { isOptionalSource } from "../core/model/optional-sources.ts";
import type { HelperMessage } from "../core/session/session-api.ts";
import type { ProbeReport } from "../engine/doctor-report.ts";
import type { AppPaths } from "../engine/find-paths.ts";
import { runLive } from "./live-run.ts";
import { stopSignals } from "./stop-signals.ts";

export async function probeHooks(paths: AppPaths, also: AbortSignal): Promise<ProbeReport> {
  const hooks = new Map<string, Feature>();
  let cost: CaptureCost | null = null;
  const onMessage = (message: HelperMessage): undefined => {
    if (message.kind === "hello") cost = message.hello.cost ?? null;
    const told =
      message.kind === "hello" ? message.hello.features : message.kind === "features" ? message.features : [];
    for (const feature of told) hooks.set(feature.id, feature);
  };
  const stops = stopSignals({ seconds: null, also });
  const problem = await runLive(paths, stops, { onMessage, onLive: () => stops.stop() });
  stops.release();
  const detail = problem !== null && "detail" in problem ? problem.detail : null;
  return { problem: problem === null ? null : { code: problem.code, detail }, hooks: [...hooks.values()], cost };
}

/** Programs of a hook are named with underscores, fallbacks with __plain behind. */
const programName = (id: string, isFallback: boolean): string =>
  id.replaceAll("-", "_") + (isFallback ? "__plain" : "");

function sizeText(hook: Feature, cost: CaptureCost | null): string {
  const name = programName(hook.id, hook.fallback !== undefined);
  const size = cost?.programs.find((program) => program.name === name);
  if (size === undefined) return "";
  const verified =
    size.verifiedInstructions === null ? "" : `, ${groupDigits(size.verifiedInstructions)} steps of the verifier`;
  return ` (${groupDigits(size.instructions)} instructions${verified})`;
}

function hookLines(hook: Feature, cost: CaptureCost | null): readonly string[] {
  const id = displayText(hook.id);
  const { fallback } = hook;
  if (fallback !== undefined) {
    return [
      `fallback  ${id}${sizeText(hook, cost)}`,
      `          first choice: ${displayText(fallback.refusal)}`,
      `          not seen: ${displayText(fallback.lacks ?? "nothing less, it only takes longer")}`,
    ];
  }
  if (hook.isAttached) return [`attached  ${id}${sizeText(hook, cost)}`];
  return [
    `${isOptionalSource(hook) ? "absent  " : "REFUSED "}  ${id}${hook.reason === null ? "" : `: ${displayText(hook.reason)}`}`,
    `          not seen: ${displayText(hook.unseen)}`,
  ];
}

function costLines({ loadMs, attachMs, programs }: CaptureCost): readonly string[] {
  const steps = programs.reduce((sum, { verifiedInstructions }) => sum + (verifiedInstructions ?? 0), 0);
  const verified = steps === 0 ? "" : `, ${groupDigits(steps)} steps of the verifier`;
  return [
    `Loaded in ${loadMs.toFixed(0)} ms, attached in ${attachMs.toFixed(0)} ms: ${programs.length} programs${verified}.`,
  ];
}

/** For people. The problem, if there was one, is worded by the caller. */
export const probeLines = ({ hooks, cost }: ProbeReport): readonly string[] => [
  ...(cost === null ? [] : costLines(cost)),
  ...hooks.flatMap((hook) => hookLines(hook, cost)),
];
