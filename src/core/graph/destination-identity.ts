/** What a flow's other end is called in the graph: its name, the names it may have, else its address. */
import type { Endpoint, Locality } from "../model/endpoint.ts";
import type { Direction } from "../model/flow.ts";
import { type NodeId, nodeId } from "../model/ids.ts";
import type { Naming } from "../model/name-evidence.ts";

export interface DestinationIdentity {
  readonly id: NodeId;
  readonly label: string;
  readonly isNamed: boolean;
  /** Likeliest first; empty for one name or none. */
  readonly candidates: readonly string[];
}

const PREFIX = "destination:";

interface FarEnd {
  readonly naming: Pick<Naming, "name" | "source" | "candidates">;
  readonly remote: Endpoint;
  readonly locality: Locality;
  readonly direction: Direction;
}

/** All services of this machine share one address: there the port tells them apart. A caller's port is chance. */
function addressLabel({ remote, locality, direction }: FarEnd): string {
  if (locality !== "loopback" || direction === "inbound" || remote.port === 0) return remote.address;
  return remote.address.includes(":") ? `[${remote.address}]:${remote.port}` : `${remote.address}:${remote.port}`;
}

/** Ids are map keys and go to the window with every change. */
const MAX_ID_LENGTH = 512;

/** FNV-1a over UTF-16 units: tells long lists of names apart that begin alike. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash.toString(16);
}

/** The same names give the same id, however likely each is for a flow. */
function idOfCandidates(candidates: readonly string[]): NodeId {
  const all = candidates.toSorted().join("|");
  const short = all.length <= MAX_ID_LENGTH ? all : `${all.slice(0, MAX_ID_LENGTH)}#${fingerprint(all)}`;
  return nodeId(`${PREFIX}${short}`);
}

function labelOfCandidates([first = "", second = "", ...rest]: readonly string[]): string {
  return rest.length === 0 ? `${first} or ${second}` : `${first} or ${rest.length + 1} others`;
}

/** The name or address behind the id of a destination that has only one. */
export const labelOfNode = (id: NodeId): string => id.slice(PREFIX.length);

export function identifyDestination(farEnd: FarEnd): DestinationIdentity {
  const { name, source, candidates } = farEnd.naming;
  if (name === null && candidates.length > 0) {
    return { id: idOfCandidates(candidates), label: labelOfCandidates(candidates), isNamed: true, candidates };
  }
  const address = addressLabel(farEnd);
  const label = name ?? address;
  // A reverse name is only what the address's owner calls it: it is the same destination as before, and only that address.
  const identifies = source === "reverse-dns" ? address : label;
  return { id: nodeId(`${PREFIX}${identifies}`), label, isNamed: name !== null, candidates: [] };
}
