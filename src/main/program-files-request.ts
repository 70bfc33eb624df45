/** The window's request for what files say of a program: only of programs that the session knows, and that ran here. */
import type { ProgramFilesResult } from "../contract/ipc-schema.ts";
import type { NodeId } from "../core/model/ids.ts";
import type { Session } from "../core/session/session-api.ts";
import type { PackageFinder } from "../engine/owning-packages.ts";
import { lookUpProgramFiles } from "../engine/program-files.ts";

const notHere = (reason: string): ProgramFilesResult => ({ outcome: "not-here", reason });

/** `isOfThisMachine`: the session holds what was seen here and now, not a recording. */
export async function answerProgramFiles(
  session: Pick<Session, "graph">,
  id: NodeId,
  isOfThisMachine: boolean,
  finder: PackageFinder,
): Promise<ProgramFilesResult> {
  if (!isOfThisMachine) return notHere("a recording may be of another machine");
  const node = session.graph().nodes.get(id);
  if (node?.kind !== "program") return notHere("this program is no longer known");
  return lookUpProgramFiles(node, finder);
}
