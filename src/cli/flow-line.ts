/** One flow on one line, for output that is neither a screen nor JSON. */
import { displayText } from "../core/model/display-text.ts";
import type { Flow } from "../core/model/flow.ts";
import {
  categoryWords,
  formatBytes,
  formatEndpoint,
  isoTime,
  nameMark,
  nameSourceWords,
  stateLabel,
  transportLabel,
} from "../core/model/format.ts";
import type { Process } from "../core/model/process.ts";

function programText(process: Process | null): string {
  if (process === null) return "unknown program";
  const name = (process.filename ?? process.exe ?? process.comm).split("/").at(-1);
  return `${displayText(name === undefined || name === "" ? process.comm : name)}[${process.pid}]`;
}

export function flowLine(flow: Flow, process: Process | null, bootWallMs: number): string {
  const time = isoTime(bootWallMs, flow.openedAtNs)?.slice(11, 19) ?? "--:--:--";
  const arrow = flow.direction === "outbound" ? "->" : "<-";
  const name = flow.naming.name === null ? "" : `${displayText(flow.naming.name)} `;
  const state = flow.failure === null ? stateLabel(flow.state) : `failed: ${displayText(flow.failure)}`;
  const { category, vendor } = flow.verdict;
  const verdict =
    category === "unknown"
      ? ""
      : ` · ${categoryWords(category).plain}${vendor === null ? "" : ` (${displayText(vendor)})`}`;
  return (
    `${time} ${programText(process)} ${arrow} ${nameMark(flow.naming.source, flow.naming.isContradicted)} ` +
    `${name}${transportLabel(flow.transport)} ${formatEndpoint(flow.remote)} · ${nameSourceWords(flow.naming.source).plain} · ` +
    `${formatBytes(flow.bytesSent)} out, ${formatBytes(flow.bytesReceived)} in · ${state}${verdict}`
  );
}
