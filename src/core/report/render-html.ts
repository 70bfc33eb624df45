/**
 * The report as one self-contained HTML file: no script, nothing to load, its
 * own content policy says so. Everything observed passes through `html`.
 */
import { formatCount, formatDuration } from "../model/format.ts";
import { isAllFailed } from "./contact-html.ts";
import { type Html, html } from "./html-text.ts";
import { encryptingPrograms, failedLookups, neverContacted } from "./lookup-sections.ts";
import type { Report } from "./report-model.ts";
import {
  allContacts,
  contactCountText,
  figures,
  glance,
  method,
  notSeen,
  observationText,
  reportingPrograms,
} from "./report-sections.ts";
import { REPORT_STYLE } from "./report-style.ts";

const STYLE: Html = { markup: REPORT_STYLE };

export function renderHtml(report: Report): string {
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="Telltale ${report.telltaleVersion}">
<title>${headline(report)} – Telltale</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<p class="brand">Telltale report</p>
<h1>${headline(report)}</h1>
<p class="lead">Observed for ${formatDuration(report.observation.durationMs * 1e6)}: ${observationText(report)}.</p>
${figures(report)}
</header>
<main>
<section aria-labelledby="reporting"><h2 id="reporting">Programs that send telemetry</h2>
<p class="note">${summary(report)}</p>
${glance(report)}
${reportingPrograms(report)}
</section>
<section aria-labelledby="contacts"><h2 id="contacts">All programs and destinations</h2>
<p class="note"><span aria-hidden="true">●</span> named in the connection, <span aria-hidden="true">○</span> asked for by the program, <span aria-hidden="true">◌</span> known from elsewhere, <span aria-hidden="true">?</span> one of several names that share the address, <span aria-hidden="true">△</span> sources disagree, <span aria-hidden="true">–</span> address only.</p>
${allContacts(report)}
</section>
<section aria-labelledby="failed-lookups"><h2 id="failed-lookups">Names asked for that failed</h2>
${failedLookups(report)}
</section>
<section aria-labelledby="never-contacted"><h2 id="never-contacted">Names asked for and never contacted</h2>
${neverContacted(report)}
</section>
<section aria-labelledby="encrypted-dns"><h2 id="encrypted-dns">Programs that encrypt their lookups</h2>
${encryptingPrograms(report)}
</section>
<section aria-labelledby="not-seen"><h2 id="not-seen">What could not be seen</h2>
${notSeen(report)}
</section>
<section aria-labelledby="method"><h2 id="method">How this was found out</h2>
${method(report)}
</section>
</main>
<footer>Made by Telltale ${report.telltaleVersion} with rule set ${report.ruleSetVersion}${
    report.generatedAt === null ? "" : `, ${report.generatedAt}`
  }. This file loads nothing and runs nothing.</footer>
</body>
</html>
`;
  return document.markup;
}

/** A guess is told as a guess, an attempt that failed as an attempt. */
function headline({ reporting }: Report): string {
  if (reporting.length === 0) return "No telemetry was observed";
  const known = reporting.filter((program) => program.contacts.some((contact) => contact.confidence === "confirmed"));
  const sending = known.filter((program) => !program.contacts.every(isAllFailed)).length;
  const trying = known.length - sending;
  const suspected = reporting.length - known.length;
  const counts: readonly (readonly [number, string])[] = [
    [sending, sending === 1 ? "sends telemetry" : "send telemetry"],
    [trying, "tried to send telemetry"],
    [suspected, suspected === 1 ? "is suspected to send telemetry" : "are suspected to send telemetry"],
  ];
  const [first = [0, ""], ...rest] = counts.filter(([count]) => count > 0);
  const lead = `${formatCount(first[0], "program")} ${first[1]}`;
  return [lead, ...rest.map(([count, words]) => `${count} ${words.replace(/ to send telemetry$/, "")}`)].join(", ");
}

const summary = (report: Report): string =>
  report.totals.reportingContacts === 0
    ? "Telemetry here means usage data, crash reports, analytics, advertising and monitoring."
    : `${contactCountText(report)} for usage data, crash reports, analytics, advertising or monitoring: who, to whom, why we say so, and how to stop it.`;
