/** The sections of the HTML report, in reading order. */
import { BEYOND_OUR_PROBES } from "../model/coverage.ts";
import { displayArguments, shortenMiddle } from "../model/display-text.ts";
import {
  directionLabel,
  formatBytes,
  formatCount,
  formatRoundTrip,
  formatUtc,
  groupDigits,
  localityLabel,
} from "../model/format.ts";
import { bundleText, containerFactText, EXE_DELETED_TEXT, packageText, unitText } from "../model/identity-words.ts";
import {
  badge,
  bytesText,
  contactNameText,
  destinationText,
  flowsText,
  instruction,
  isAllFailed,
  markedName,
  NO_SWITCH,
  nameNotes,
  optOutList,
  otherNamesText,
  receiverText,
  servicesText,
  timingText,
  whereText,
} from "./contact-html.ts";
import { type Html, html, link } from "./html-text.ts";
import type { Report, ReportContact, ReportingProgram } from "./report-model.ts";

/** An argv may be 2 MiB; this much tells which run it was. */
const MAX_COMMAND_CHARACTERS = 400;
const MAX_ADDRESSES = 4;

const timeText = (iso: string | null): string => (iso === null ? "unknown" : formatUtc(Date.parse(iso)));

const fact = (name: string, value: Html | string | null): Html | null =>
  value === null || value === "" ? null : html`<dt>${name}</dt><dd>${value}</dd>`;

export function figures({ totals }: Report): Html {
  const figure = (value: string, label: string): Html => html`<div><dt>${label}</dt><dd>${value}</dd></div>`;
  return html`<dl class="figures">
${figure(groupDigits(totals.reportingContacts), totals.reportingContacts === 1 ? "telemetry contact" : "telemetry contacts")}
${figure(groupDigits(totals.programs), "programs seen")}
${figure(groupDigits(totals.destinations), "destinations")}
${figure(groupDigits(totals.flows), "connections")}
${figure(formatBytes(totals.bytesSent), "sent")}
${figure(formatBytes(totals.bytesReceived), "received")}
</dl>`;
}

/** Who, to whom, why we say so and how to stop it: one line each. */
export function glance(report: Report): Html {
  const contacts = report.reporting.flatMap((program) => program.contacts);
  if (contacts.length === 0) {
    return html`<p class="card empty">No program was seen sending telemetry, crash reports or analytics in this time. That is what was observed, not proof that none is ever sent: see what could not be seen below.</p>`;
  }
  return html`<ol class="card glance">${contacts.map(glanceLine)}</ol>`;
}

function glanceLine(contact: ReportContact): Html {
  const receiver = receiverText(contact);
  const [first] = contact.optOuts;
  return html`<li><strong>${contact.program.label}</strong> <span class="arrow" aria-label="to">→</span> <strong>${destinationText(contact)}</strong> ${badge(contact)}${
    receiver === null ? "" : html` ${receiver}.`
  }${isAllFailed(contact) ? " No attempt succeeded." : ""} <span class="why">Why: ${contact.evidence}</span> <span>To stop it: ${
    first === undefined ? NO_SWITCH : html`${instruction(first)}`
  }</span></li>`;
}

/** Where it comes from, what it runs in and through; only what is known. */
const identityFacts = (program: ReportingProgram): readonly Html[] =>
  [
    fact("Part of", program.bundle === null ? null : bundleText(program.bundle)),
    fact("Package", program.package === null ? null : packageText(program.package)),
    fact("Container", program.container === null ? null : containerFactText(program.container)),
    fact("Unit", program.unit === null ? null : unitText(program.unit)),
    fact("Script", program.script),
    fact(program.helpers.length === 1 ? "Helper" : "Helpers", program.helpers.join(", ")),
    fact("Note", program.isExeDeleted ? EXE_DELETED_TEXT : null),
  ].filter((each) => each !== null);

export function reportingPrograms(report: Report): Html {
  return html`${report.reporting.map(programCard)}`;
}

function programCard(program: ReportingProgram): Html {
  const command = program.argvExample === null ? null : displayArguments(program.argvExample);
  const more =
    program.processCount > program.pids.length ? ` and ${program.processCount - program.pids.length} more` : "";
  return html`<article class="card program">
<header><h3>${program.label}</h3><span class="path">${program.exe ?? "executable not known"}</span></header>
<dl class="facts identity">
${identityFacts(program)}
${fact("Command", command === null ? "not known" : html`<code>${shortenMiddle(command, MAX_COMMAND_CHARACTERS)}</code>`)}
${fact(program.processCount === 1 ? "Process" : "Processes", `${program.pids.join(", ")}${more}`)}
${fact(program.userIds.length === 1 ? "User id" : "User ids", program.userIds.length === 0 ? "not known" : program.userIds.join(", "))}
</dl>
${program.contacts.map(contactSection)}
</article>`;
}

function contactSection(contact: ReportContact): Html {
  const { addresses } = contact.destination;
  const moreAddresses = addresses.length > MAX_ADDRESSES ? ` and ${addresses.length - MAX_ADDRESSES} more` : "";
  return html`<section class="contact">
<h4>${destinationText(contact)} ${badge(contact)}</h4>
<dl class="facts">
${fact("Received by", receiverText(contact) ?? "not known")}
${fact("Why we say so", html`${contact.evidence}${contact.source === null ? "" : html` ${link(contact.source, "Source")}`}`)}
${fact("To stop it", optOutList(contact.optOuts))}
${fact("Data", `${bytesText(contact)} in ${flowsText(contact)}`)}
${fact("On the way", timingText(contact))}
${fact("Seen", `${timeText(contact.firstSeen)} to ${timeText(contact.lastSeen)}`)}
${fact("Name", contactNameText(contact))}
${fact("Also possible", otherNamesText(contact))}
${fact("Note", nameNotes(contact).join("; "))}
${fact("Over", servicesText(contact))}
${fact("Address", `${addresses.slice(0, MAX_ADDRESSES).join(", ")}${moreAddresses} (${whereText(contact)})`)}
</dl>
</section>`;
}

export function allContacts({ contacts }: Report): Html {
  if (contacts.length === 0) return html`<p class="card empty">No contact was seen in this time.</p>`;
  return html`<div class="card scroll" role="region" aria-label="All programs and destinations" tabindex="0"><table>
<caption>Every program and the destinations it was in contact with</caption>
<thead><tr><th scope="col">Program</th><th scope="col">Destination</th><th scope="col">For</th><th scope="col">Over</th><th scope="col" class="number">Sent</th><th scope="col" class="number">Received</th><th scope="col" class="number">Connections</th><th scope="col">Last seen (UTC)</th></tr></thead>
<tbody>${contacts.map((contact, index) => contactRow(contact, contacts[index - 1]))}</tbody>
</table></div>`;
}

function contactRow(contact: ReportContact, previous: ReportContact | undefined): Html {
  const { program } = contact;
  const isRepeated = previous?.program.label === program.label && previous.program.exe === program.exe;
  const path = isRepeated ? "" : html`<span class="sub">${program.script ?? program.exe}</span>`;
  return html`<tr><th scope="row">${program.label}${path}</th><td class="name">${markedName(contact)}<span class="sub">${contactNameText(contact)}${
    contact.owner === null ? "" : ` · ${contact.owner}`
  }</span>${nameNotes(contact).map((note) => html`<span class="sub">${note}</span>`)}</td><td class="for">${badge(contact)}</td><td class="over">${servicesText(contact)}${unusualText(contact)}</td><td class="number">${formatBytes(contact.bytesSent)}</td><td class="number">${formatBytes(contact.bytesReceived)}</td><td class="number">${groupDigits(contact.flows)}${troubleText(
    contact,
  )}</td><td class="time">${lastSeen(contact)}</td></tr>`;
}

/** What went wrong, and how far away the other end is. */
function troubleText(contact: ReportContact): readonly Html[] {
  const { failedFlows, lastFailure, brokenFlows } = contact;
  return [
    failedFlows === 0 ? null : `${groupDigits(failedFlows)} failed${lastFailure === null ? "" : `: ${lastFailure}`}`,
    brokenFlows === 0 ? null : `${groupDigits(brokenFlows)} broke off`,
    contact.rttUs === null ? null : `round trip ${formatRoundTrip(contact.rttUs)}`,
    contact.retransmits === 0 ? null : `${groupDigits(contact.retransmits)} sent again`,
  ]
    .filter((text) => text !== null)
    .map((text) => html`<span class="sub">${text}</span>`);
}

/** Outgoing to the internet is the rule; only what differs is said. */
function unusualText({ destination, direction, peer }: ReportContact): Html | null {
  const words = [
    destination.locality === "internet" || peer !== null ? null : localityLabel(destination.locality),
    direction === "outbound" ? null : directionLabel(direction),
  ].filter((word) => word !== null);
  return words.length === 0 ? null : html`<span class="sub">${words.join(", ")}</span>`;
}

function lastSeen({ lastSeen: iso }: ReportContact): Html {
  return iso === null ? html`unknown` : html`${iso.slice(11, 19)}<span class="sub">${iso.slice(0, 10)}</span>`;
}

export function notSeen({ notSeen: gaps }: Report): Html {
  if (gaps.length === 0) {
    return html`<p class="card empty">Every part of the observation was in place and no record was lost.</p>`;
  }
  return html`<ul class="card gaps">${gaps.map(
    (gap) => html`<li>${gap.what}${gap.detail === null ? "" : html`<span class="detail">${gap.detail}</span>`}</li>`,
  )}</ul>`;
}

export function method(report: Report): Html {
  return html`<ul class="method">
<li>Connections were seen in the kernel as they were made, each with the process that made it. Nothing was intercepted, changed or decrypted; what was sent inside a connection is not known.</li>
<li>${BEYOND_OUR_PROBES}</li>
<li>A destination's name comes from the connection itself (what a program says in clear: server name, web host, request to a proxy), from what the resolver or the C library answered the program, and only then from lookups of others or /etc/hosts. Each contact says which, and how old the answer was. Reverse names are asked for only on request. A name hidden by encryption (Encrypted Client Hello, DNS over HTTPS) is not seen.</li>
<li>What a destination is for comes from curated rules (rule set ${report.ruleSetVersion}), each with its source. “Suspected” means a guess from the name, or a rule whose source could not be checked. Destinations no rule names are not judged.</li>
<li>Byte counts are payload: above TCP or UDP, without headers and without what TCP sent again; of ping, raw and SCTP sockets above IP, of packet sockets above the link. A contact says that data went there, not what it was or that it was unwanted.</li>
<li>Ways to stop it are quoted from the makers' documentation and were not tried here; some may be out of date.</li>
<li>In command lines, values that look like secrets are masked (••••). Read them before you pass this report on.</li>
</ul>`;
}

export function observationText(report: Report): string {
  const { startedAt, endedAt, kernelRelease, architecture } = report.observation;
  const machine =
    kernelRelease === null ? "" : `, on Linux ${kernelRelease}${architecture === null ? "" : ` (${architecture})`}`;
  if (startedAt === null || endedAt === null) return `times not known${machine}`;
  return `${timeText(startedAt)} to ${timeText(endedAt)}${machine}`;
}

export const contactCountText = ({ totals }: Report): string => formatCount(totals.reportingContacts, "contact");
