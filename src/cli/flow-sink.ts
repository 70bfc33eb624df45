/** Where ended flows go: NDJSON, lines, or nowhere. */
import type { Flow } from "../core/model/flow.ts";
import type { Process } from "../core/model/process.ts";
import { flowToJson } from "../core/report/flow-json.ts";
import { safeJson } from "../core/report/safe-json.ts";
import type { Session } from "../core/session/session-api.ts";
import { flowLine } from "./flow-line.ts";
import type { Output } from "./output.ts";

export interface FlowSink {
  /** The session's own clock comes with its hello; flows cannot end before it. */
  readonly follow: (session: Session) => void;
  readonly flow: (flow: Flow, process: Process | null) => void;
}

export function flowSink(kind: "json" | "lines" | "none", output: Output): FlowSink {
  let followed: Session | null = null;
  return {
    follow: (session) => {
      followed = session;
    },
    flow: (flow, process) => {
      const hello = followed?.hello() ?? null;
      if (kind === "none" || hello === null) return;
      const line =
        kind === "json"
          ? safeJson(flowToJson(flow, process, hello.bootWallMs))
          : flowLine(flow, process, hello.bootWallMs);
      output.write(`${line}\n`);
    },
  };
}
