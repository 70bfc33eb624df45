/** What is to be said about a contact's name beside the name itself. Pure. */
import type { GraphEdge } from "../../core/graph/graph.ts";
import type { Words } from "../../core/model/format.ts";
import { ENCRYPTED_DNS_LABELS, echWords, hopsText } from "../../core/model/name-words.ts";

export interface NameNote extends Words {
  readonly kind: "hidden" | "hop" | "encrypted-dns";
}

export function nameNotes({ ech, hops, encryptedDns }: GraphEdge): readonly NameNote[] {
  const notes: NameNote[] = [];
  if (ech !== null) notes.push({ kind: "hidden", ...echWords(ech) });
  if (hops.length > 0) {
    notes.push({
      kind: "hop",
      plain: hopsText(hops),
      exact: "The connection ends at a proxy; the name is what the program asked the proxy for",
    });
  }
  if (encryptedDns !== null) {
    notes.push({
      kind: "encrypted-dns",
      plain: "carries lookups, encrypted: which names is not seen",
      exact: ENCRYPTED_DNS_LABELS[encryptedDns.protocol],
    });
  }
  return notes;
}
