/** The systemd unit that a cgroup path names (systemd.unit(5), "cgroup hierarchies" of systemd.slice(5)). */
import type { SystemdUnit } from "../model/process-context.ts";

/** Units that hold processes, beside slices, which order them. */
const HOLDS_PROCESSES = /\.(service|scope|socket|mount|swap)$/;
const USER_MANAGER = /^user@(\d{1,10})\.service$/;

/** `\x2d` -> `-`: systemd escapes byte by byte (systemd-escape(1)). What is no UTF-8 stays escaped. */
export function decodeUnitName(name: string): string {
  return name.replace(/(\\x[0-9a-f]{2})+/g, (escaped) => {
    try {
      return decodeURIComponent(escaped.replaceAll("\\x", "%"));
    } catch {
      return escaped;
    }
  });
}

function kindOf(name: string): SystemdUnit["kind"] {
  if (name.endsWith(".service")) return "service";
  if (name.endsWith(".scope")) return "scope";
  return name.endsWith(".slice") ? "slice" : "other";
}

const unit = (name: string, ownerUid: number | null): SystemdUnit => ({
  name: decodeUnitName(name),
  kind: kindOf(name),
  ownerUid,
});

/** The user whose service manager is on the path; the cgroups above it are root's, so nobody else can seem to be under it. */
export function managerUidOf(segments: readonly string[]): number | null {
  for (const segment of segments) {
    const uid = USER_MANAGER.exec(segment)?.[1];
    if (uid !== undefined) return Number(uid);
    // Below a unit of the system's, names are that unit's own affair.
    if (HOLDS_PROCESSES.test(segment)) return null;
  }
  return null;
}

/**
 * The first unit that holds processes; below it a service may name its cgroups
 * as it likes. A user's manager is a service of the system with units below.
 */
export function unitOf(segments: readonly string[]): SystemdUnit | null {
  let slice: SystemdUnit | null = null;
  let manager: SystemdUnit | null = null;
  let ownerUid: number | null = null;
  for (const segment of segments) {
    const uid: string | undefined = ownerUid === null ? USER_MANAGER.exec(segment)?.[1] : undefined;
    if (uid !== undefined) {
      manager = unit(segment, null);
      ownerUid = Number(uid);
    } else if (HOLDS_PROCESSES.test(segment)) {
      return unit(segment, ownerUid);
    } else if (segment.endsWith(".slice")) {
      slice = unit(segment, ownerUid);
    } else break;
  }
  return manager ?? slice;
}
