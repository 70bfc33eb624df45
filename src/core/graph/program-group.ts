/**
 * Where a program runs, from its cgroup path: a heuristic over the paths that
 * systemd and container engines make. First match wins; without a cgroup, or
 * without such a path (no systemd), the answer is "unknown".
 *
 * - container: docker, podman (libpod), containerd (cri), kubernetes, LXC, systemd-nspawn
 * - application: Flatpak and snap sandboxes, and units the desktop starts under
 *   user@UID.service/app.slice ("app-gnome-firefox-1234.scope")
 * - command line: terminals' units, and plain login sessions (session-3.scope)
 * - service: system.slice and the user's own services
 */
import type { ProgramGroup } from "./graph.ts";

const RULES: readonly { readonly pattern: RegExp; readonly group: ProgramGroup }[] = [
  {
    pattern: /(^|\/)docker[-/]|libpod|cri-containerd|crio-|kubepods|\/containerd[-:/]|\/lxc|machine\.slice|\.nspawn/,
    group: "container",
  },
  { pattern: /flatpak|snap\./, group: "application" },
  // A terminal's unit is an application by its path, but what runs in it was typed.
  {
    pattern: /\/(vte-spawn|tmux-spawn|app-[^/]*(terminal|konsole|kitty|alacritty|tmux|xterm|foot|wezterm))[^/]*/i,
    group: "command-line",
  },
  { pattern: /\/app\.slice\/[^/]*\.scope/, group: "application" },
  { pattern: /\/app\.slice\/app-[^/]*\.service/, group: "application" },
  { pattern: /\/(app|session|background)\.slice\/[^/]*\.service/, group: "service" },
  { pattern: /\/session-[^/]*\.scope/, group: "command-line" },
  { pattern: /system\.slice/, group: "service" },
  { pattern: /user\.slice/, group: "application" },
];

export function groupOfCgroup(cgroup: string | null): ProgramGroup {
  if (cgroup === null) return "unknown";
  return RULES.find(({ pattern }) => pattern.test(cgroup))?.group ?? "unknown";
}
