/** The window's request for reverse names: checked against what the session knows before anything is sent. */
import type { ReverseNameResult } from "../contract/ipc-schema.ts";
import type { NodeId } from "../core/model/ids.ts";
import type { Session } from "../core/session/session-api.ts";
import { lookUpReverseNames, type ReverseResolver } from "../engine/reverse-names.ts";

const failed = (reason: string): ReverseNameResult => ({ outcome: "failed", reason });

/** Only addresses that were seen can be asked for, so the window cannot make us ask for anything else. */
export async function answerReverseRequest(
  session: Session,
  id: NodeId,
  resolver?: ReverseResolver,
): Promise<ReverseNameResult> {
  const node = session.graph().nodes.get(id);
  if (node?.kind !== "destination") return failed("this destination is no longer known");
  if (node.isNamed) return failed("this destination has a name already");
  if (node.locality === "loopback" || node.locality === "multicast") {
    return failed("nobody else owns an address of this machine or of a group");
  }
  const result = await lookUpReverseNames(node.addresses, resolver);
  if (result.outcome === "looked-up") {
    for (const { address, name } of result.names) session.addReverseName(address, name);
  }
  return result;
}
