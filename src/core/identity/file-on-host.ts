/** The file of this machine that a program is: its script's where there is one, else its executable. */
import type { ProgramNode } from "../graph/graph.ts";

/** null: not known, or its path is another system's: of a container or a Flatpak. A relative script could be any. */
export function fileOnHost({
  exe,
  script,
  container,
  bundle,
}: Pick<ProgramNode, "exe" | "script" | "container" | "bundle">): string | null {
  if (container !== null || bundle?.kind === "flatpak") return null;
  if (script === null) return exe;
  return script.startsWith("/") ? script : null;
}
