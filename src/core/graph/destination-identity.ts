/** What a flow's other end is called in the graph: its name, else its address. */
import type { Endpoint, Locality } from "../model/endpoint.ts";
import type { Direction } from "../model/flow.ts";
import { type NodeId, nodeId } from "../model/ids.ts";

export interface DestinationIdentity {
  readonly id: NodeId;
  readonly label: string;
  readonly isNamed: boolean;
}

interface FarEnd {
  readonly name: string | null;
  readonly remote: Endpoint;
  readonly locality: Locality;
  readonly direction: Direction;
}

/** All services of this machine share one address: there the port tells them apart. A caller's port is chance. */
function addressLabel({ remote, locality, direction }: FarEnd): string {
  if (locality !== "loopback" || direction === "inbound" || remote.port === 0) return remote.address;
  return remote.address.includes(":") ? `[${remote.address}]:${remote.port}` : `${remote.address}:${remote.port}`;
}

export function identifyDestination(farEnd: FarEnd): DestinationIdentity {
  const isNamed = farEnd.name !== null;
  const label = farEnd.name ?? addressLabel(farEnd);
  return { id: nodeId(`destination:${label}`), label, isNamed };
}
