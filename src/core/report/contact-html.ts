/** How the HTML report words one contact: badge, destination, reason, ways to switch it off. */
import { displayDomain } from "../model/display-domain.ts";
import {
  categoryWords,
  confidenceWords,
  directionLabel,
  formatBytes,
  formatCount,
  localityLabel,
  nameMark,
  serviceLabel,
} from "../model/format.ts";
import { measuredTexts } from "../model/measured-texts.ts";
import {
  candidateNames,
  candidatesText,
  contradictionText,
  ENCRYPTED_DNS_LABELS,
  echWords,
  hopsText,
  type KnownName,
  nameKnownText,
} from "../model/name-words.ts";
import type { Category, OptOut } from "../model/verdict.ts";
import { type Html, html, link } from "./html-text.ts";
import type { ReportContact } from "./report-model.ts";

/** The same tones as in the window (ui.md); the word beside the colour says the same. */
const TONES: Readonly<Record<Category, string>> = {
  telemetry: "red",
  "crash-reporting": "red",
  analytics: "amber",
  advertising: "violet",
  monitoring: "amber",
  "feature-flags": "teal",
  "update-check": "teal",
  "licence-check": "teal",
  content: "grey",
  infrastructure: "grey",
  unknown: "grey",
};

export function badge(contact: Pick<ReportContact, "category" | "confidence">): Html {
  if (contact.category === "unknown") return html`<span class="plain">${categoryWords("unknown").plain}</span>`;
  const isSuspected = contact.confidence === "suspected";
  const words = categoryWords(contact.category);
  const doubt = isSuspected ? `${confidenceWords("suspected").plain}: ` : "";
  return html`<span class="badge ${TONES[contact.category]}${isSuspected ? " suspected" : ""}" title="${words.exact}">${doubt}${words.plain}</span>`;
}

export const destinationText = ({ destination, peer }: ReportContact): string =>
  peer !== null
    ? peer.label
    : destination.name === null
      ? candidateNames(destination.candidates) || (destination.addresses[0] ?? "unknown address")
      : displayDomain(destination.name);

/** `MongoDB, through Segment (owned by Twilio)`; null: nobody is known to be behind it. */
export function receiverText({ vendor, owner }: ReportContact): string | null {
  if (vendor === null) return owner;
  return owner === null || vendor.includes(owner) ? vendor : `${vendor} (owned by ${owner})`;
}

/** Every attempt ended before a connection stood. */
export const isAllFailed = ({ flows, failedFlows }: ReportContact): boolean => flows > 0 && failedFlows >= flows;

const OPT_OUT_WORDS: Readonly<Record<OptOut["kind"], string>> = {
  env: "environment variable",
  command: "command",
  config: "configuration",
  ui: "in its own settings",
};

export const NO_SWITCH = "No switch is known to Telltale.";

export const instruction = ({ kind, instruction: text }: OptOut): Html =>
  kind === "ui" ? html`<span>${text}</span>` : html`<code>${text}</code>`;

export function optOutList(optOuts: readonly OptOut[]): Html {
  if (optOuts.length === 0) return html`${NO_SWITCH}`;
  return html`<ul class="off">${optOuts.map(
    (optOut) =>
      html`<li>${instruction(optOut)} <span class="how">${optOut.app}, ${OPT_OUT_WORDS[optOut.kind]}${
        optOut.source === null ? "" : html` · ${link(optOut.source, "source")}`
      }</span></li>`,
  )}</ul>`;
}

/** `another program of this machine, called db.example`. */
function peerText({ destination: { name } }: ReportContact): string {
  return `a program of this machine${name === null ? "" : `, called ${displayDomain(name)}`}`;
}

/** How the name is known, how old it was, and where its sources disagree. */
export function contactNameText(contact: ReportContact): string {
  if (contact.peer !== null) return peerText(contact);
  const { nameSource, nameAgeMs } = contact;
  const known = nameKnownText(nameSource, nameAgeMs === null ? null : nameAgeMs * 1e6);
  return contact.isNameContradicted ? `${known}; ${contradictionText(knownNames(contact))}` : known;
}

const knownNames = ({ destination, nameSource, otherNames }: ReportContact): readonly KnownName[] => [
  ...(destination.name === null || nameSource === null ? [] : [{ name: destination.name, source: nameSource }]),
  ...otherNames,
];

/** What hides the name, what the connection goes through, and lookups it carries: sentences, or none. */
export const nameNotes = ({ destination, answeredBy, ech, hops, encryptedDns }: ReportContact): readonly string[] =>
  [
    destination.candidates.length > 1 ? candidatesText(destination.candidates) : null,
    answeredBy === null ? null : `answered by ${answeredBy}, on this machine`,
    ech === null ? null : echWords(ech).plain,
    hops.length === 0 ? null : hopsText(hops),
    encryptedDns === null ? null : `carries lookups, encrypted (${ENCRYPTED_DNS_LABELS[encryptedDns.protocol]})`,
  ].filter((text) => text !== null);

const MAX_OTHER_NAMES = 4;

/** `a.example, b.example and 3 more`; candidates have a note of their own. */
export function otherNamesText({ destination, otherNames }: ReportContact): string {
  const others = otherNames.filter(({ name }) => !destination.candidates.includes(name));
  const told = others.slice(0, MAX_OTHER_NAMES).map(({ name }) => displayDomain(name));
  const more = others.length - told.length;
  return `${told.join(", ")}${more === 0 ? "" : ` and ${more} more`}`;
}

export const markedName = (contact: ReportContact): Html =>
  contact.peer !== null
    ? html`${contact.peer.label}`
    : html`<span aria-hidden="true">${nameMark(contact.nameSource, contact.isNameContradicted, contact.destination.candidates.length)}</span> ${destinationText(contact)}`;

export const servicesText = ({ services }: ReportContact): string =>
  services.map(({ transport, port }) => serviceLabel(transport, port)).join(", ");

/** `3 connections, 1 failed (refused), 1 broke off`. */
export function flowsText({ flows, failedFlows, lastFailure, brokenFlows }: ReportContact): string {
  const failed = failedFlows === 0 ? "" : `, ${failedFlows} failed${lastFailure === null ? "" : ` (${lastFailure})`}`;
  return `${formatCount(flows, "connection")}${failed}${brokenFlows === 0 ? "" : `, ${brokenFlows} broke off`}`;
}

/** `set up in 14 ms, round trip 13 ms, 2 segments sent again`; empty: nothing was told. */
export const timingText = ({ handshakeUs, rttUs, retransmits }: ReportContact): string =>
  measuredTexts({ handshakeNs: handshakeUs === null ? null : handshakeUs * 1e3, rttUs, retransmits }).join(", ");

export const bytesText = ({ bytesSent, bytesReceived }: ReportContact): string =>
  `${formatBytes(bytesSent)} sent, ${formatBytes(bytesReceived)} received`;

export const whereText = ({ destination, direction, peer }: ReportContact): string =>
  `${localityLabel(peer === null ? destination.locality : "loopback")}, ${directionLabel(direction)}`;
