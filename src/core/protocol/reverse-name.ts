/** What the owner of an address says it is called. Anyone can say anything there, so only real host names pass. */
import { parseLookupName } from "./lookup-name.ts";

/** Letters, digits, hyphens and the underscore that some networks put into such names. */
const HOST_NAME = /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)+$/;

/** Lower-case A-label name without trailing dot. undefined: an address, no name of a host, or the question handed back. */
export function parseReverseName(text: string): string | undefined {
  const name = parseLookupName(text);
  if (name === null || !HOST_NAME.test(name)) return undefined;
  // RFC 1035 section 3.5, RFC 3596 section 2.5: the tree of the questions.
  return name.endsWith(".arpa") ? undefined : name;
}
