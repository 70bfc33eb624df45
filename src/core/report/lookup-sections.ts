/** The sections of the HTML report about lookups. */
import { formatCount, groupDigits } from "../model/format.ts";
import { lookupResolverText, lookupViaWords, outcomeText } from "../model/lookup-words.ts";
import { encryptedDnsWords } from "../model/name-words.ts";
import { type Html, html } from "./html-text.ts";
import type { EncryptingProgram, LookupList, Report, ReportLookup } from "./report-model.ts";

const empty = (text: string): Html => html`<p class="lead">${text}</p>`;

export const failedLookups = ({ lookups }: Report): Html =>
  lookupTable(lookups.failed, "Names that were asked for without an answer", "No lookup was seen to fail.");

export const neverContacted = ({ lookups }: Report): Html =>
  lookupTable(
    lookups.neverContacted,
    "Names that were answered and never contacted",
    "No name was seen to be answered and never contacted.",
  );

function lookupTable({ items, count }: LookupList, caption: string, none: string): Html {
  if (items.length === 0) return empty(none);
  const more = count - items.length;
  return html`<div class="card scroll" role="region" aria-label="${caption}" tabindex="0"><table>
<caption>${caption}</caption>
<thead><tr><th scope="col">Program</th><th scope="col">Name</th><th scope="col">Outcome</th><th scope="col">Asked</th><th scope="col" class="number">Times</th><th scope="col">Last asked (UTC)</th></tr></thead>
<tbody>${items.map(lookupRow)}</tbody>
</table></div>${more === 0 ? null : html`<p class="note">and ${formatCount(more, "more name", "more names")}</p>`}`;
}

function lookupRow(lookup: ReportLookup): Html {
  const types = lookup.types.length === 0 ? null : html`<span class="sub">${lookup.types.join(", ")}</span>`;
  return html`<tr><th scope="row">${lookup.program?.label ?? "not known"}</th><td class="name">${lookup.displayName ?? lookup.name}</td><td>${outcomeText(lookup)}</td><td title="${lookupViaWords(lookup.via).exact}">${lookupResolverText(lookup)}${types}</td><td class="number">${groupDigits(lookup.count)}</td><td class="time">${timeOf(lookup)}</td></tr>`;
}

const timeOf = ({ lastAsked }: ReportLookup): Html =>
  lastAsked === null
    ? html`unknown`
    : html`${lastAsked.slice(11, 19)}<span class="sub">${lastAsked.slice(0, 10)}</span>`;

export function encryptingPrograms({ encryptedDns }: Report): Html {
  if (encryptedDns.length === 0) {
    return empty("No program was seen sending its lookups encrypted to a resolver of its own choice.");
  }
  return html`<ul class="card gaps">${encryptedDns.map(encryptingProgram)}</ul>`;
}

function encryptingProgram({ label, exe, resolvers }: EncryptingProgram): Html {
  const words = encryptedDnsWords(resolvers);
  return html`<li><strong>${label}</strong> ${words.plain}.<span class="detail">${words.exact}${exe === null ? "" : ` · ${exe}`}</span></li>`;
}
