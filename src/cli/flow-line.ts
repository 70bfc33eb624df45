/** One flow on one line, for output that is neither a screen nor JSON. */
import { helperOf } from "../core/identity/application.ts";
import { contextOf } from "../core/identity/process-context.ts";
import { containerText } from "../core/model/container-text.ts";
import { displayDomain } from "../core/model/display-domain.ts";
import { displayText } from "../core/model/display-text.ts";
import type { Flow } from "../core/model/flow.ts";
import { categoryWords, endLabel, formatBytes, formatEndpoint, isoTime, nameMark } from "../core/model/format.ts";
import { measuredTexts } from "../core/model/measured-texts.ts";
import {
  contradictionText,
  ENCRYPTED_DNS_LABELS,
  echWords,
  hopsText,
  nameKnownText,
} from "../core/model/name-words.ts";
import type { Process } from "../core/model/process.ts";
import { processText } from "../core/model/process-text.ts";
import { openedByText, spokenText } from "../core/model/socket-words.ts";

/** More names than this say only that there are many; JSON has them all. */
const MAX_NAMES = 4;

/** `code[4711] as utility process`, `postgres[812] in container 3f4e8a1b3f4e`. */
export function programText(process: Process | null): string {
  if (process === null) return "unknown program";
  const helper = helperOf(process);
  const exe = helper?.application.exe ?? process.filename ?? process.exe;
  const { container } = contextOf(process.cgroup, process.exe);
  return [
    processText({ ...process, exe }),
    helper === null ? "" : ` as ${displayText(helper.helper)}`,
    container === null ? "" : ` in ${displayText(containerText({ ...container, name: null }))}`,
  ].join("");
}

const namesText = (names: readonly string[]): string =>
  names.length === 0 ? "" : `${names.slice(0, MAX_NAMES).map(displayDomain).join(" or ")} `;

/** How the name is known, how old it was, and what disagrees or hides it. */
function nameText({ naming, openedAtNs, encryptedDns }: Flow): string {
  const [best] = naming.evidence;
  return [
    nameKnownText(naming.source, best === undefined ? null : openedAtNs - best.observedAtNs),
    naming.isContradicted ? contradictionText(naming.evidence) : null,
    naming.ech === null ? null : echWords(naming.ech).plain,
    naming.hop === null ? null : hopsText([naming.hop.name ?? "a proxy"]),
    encryptedDns === null ? null : ENCRYPTED_DNS_LABELS[encryptedDns.protocol],
  ]
    .filter((text) => text !== null)
    .join("; ");
}

export function flowLine(flow: Flow, process: Process | null, bootWallMs: number): string {
  const time = isoTime(bootWallMs, flow.openedAtNs)?.slice(11, 19) ?? "--:--:--";
  const arrow = flow.direction === "outbound" ? "->" : "<-";
  const { naming } = flow;
  const name = naming.name === null ? namesText(naming.candidates) : `${displayDomain(naming.name)} `;
  const state = displayText(endLabel(flow.state, flow.failure));
  const peer = flow.peer === null ? "" : ` (${processText(flow.peer)}, on this machine)`;
  const opener = flow.openedBy === null ? [] : [openedByText(flow.openedBy)];
  const { category, vendor } = flow.verdict;
  const verdict =
    category === "unknown"
      ? ""
      : ` · ${categoryWords(category).plain}${vendor === null ? "" : ` (${displayText(vendor)})`}`;
  return (
    `${time} ${programText(process)} ${arrow} ${nameMark(naming.source, naming.isContradicted, naming.candidates.length)} ` +
    `${name}${spokenText(flow)} ${formatEndpoint(flow.remote)}${peer} · ${nameText(flow)} · ` +
    `${formatBytes(flow.bytesSent)} out, ${formatBytes(flow.bytesReceived)} in · ${[state, ...opener, ...measuredTexts(flow)].join(", ")}${verdict}`
  );
}
