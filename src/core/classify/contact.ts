/** What the classifier judges, and its one operation. */
import type { Endpoint, Locality, Transport } from "../model/endpoint.ts";
import type { Verdict } from "../model/verdict.ts";

export interface Contact {
  /** Best known name, lower-case ASCII without trailing dot; null: only the address is known. */
  readonly name: string | null;
  readonly remote: Endpoint;
  readonly locality: Locality;
  readonly transport: Transport;
  readonly exe: string | null;
  readonly filename: string | null;
  readonly argv: readonly string[] | null;
  readonly comm: string | null;
}

export interface Classifier {
  readonly classify: (contact: Contact) => Verdict;
  /**
   * The resolver for encrypted lookups that this is, by its host name or, where
   * no name is given, by its address; null: none we know. `address` null: only
   * the name counts.
   */
  readonly encryptedResolverOf: (name: string | null, address: string | null) => string | null;
}
