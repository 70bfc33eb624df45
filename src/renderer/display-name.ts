/** A node's name, safe to show; a program may have chosen an empty one. */
import type { GraphNode } from "../core/graph/graph.ts";
import { displayDomain } from "../core/model/display-domain.ts";
import { displayText } from "../core/model/display-text.ts";

export const displayName = (label: string): string => (label.trim() === "" ? "(no name)" : displayText(label));

/** Programs are called what their file is called; destinations have names of hosts, which may be internationalised. */
export const nodeName = (node: GraphNode): string =>
  node.kind === "program" || node.label.trim() === "" ? displayName(node.label) : displayDomain(node.label);

/** Labels that read from right to left must not turn a host name around; a program's own name may. */
export const nameDirection = (node: GraphNode | undefined): "ltr" | undefined =>
  node?.kind === "destination" ? "ltr" : undefined;
