/** The current matches: what search, legend and time brush leave over. */
import { useMemo } from "react";
import { edgesActiveIn } from "./activity.ts";
import { type Matches, matchGraph } from "./matches.ts";
import { useSession, useView } from "./stores.ts";

/** null: nothing is filtered. */
export function useMatches(): Matches | null {
  const graph = useSession((state) => state.graph);
  const timeline = useSession((state) => state.timeline);
  const query = useView((state) => state.query);
  const hiddenTones = useView((state) => state.hiddenTones);
  const brush = useView((state) => state.brush);
  return useMemo(() => {
    const activeEdges = brush === null ? null : edgesActiveIn(timeline, brush.fromNs, brush.toNs);
    return matchGraph(graph, { query, hiddenTones, activeEdges });
  }, [graph, timeline, query, hiddenTones, brush]);
}
