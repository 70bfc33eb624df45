/** "12 s ago", with the wall-clock time on hover. */
import { formatAgo, wallMs } from "../../core/model/format.ts";
import { useSession } from "../store/stores.ts";

interface RelativeTimeProps {
  readonly ns: number;
}

export function localTime(bootWallMs: number, ns: number): string {
  const date = new Date(wallMs(bootWallMs, ns));
  return Number.isNaN(date.getTime()) ? "time unknown" : date.toLocaleString();
}

export function RelativeTime({ ns }: RelativeTimeProps) {
  // Rounded to the second, so a time re-renders at most once a second.
  const text = useSession((state) => (state.status === null ? "" : formatAgo(state.status.nowNs - ns)));
  const bootWallMs = useSession((state) => state.status?.bootWallMs ?? 0);
  return <span title={localTime(bootWallMs, ns)}>{text}</span>;
}
