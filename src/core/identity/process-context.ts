/** What a process is part of: unit, container, bundle. Pure: from its cgroup path and its executable. */
import type { ProcessContext } from "../model/process-context.ts";
import { bundleOf } from "./bundle.ts";
import { containerOf } from "./container.ts";
import { unitOf } from "./systemd-unit.ts";

const NOTHING: ProcessContext = { unit: null, container: null, bundle: null };

/** Deeper than any path the kernel side copies; what is below says nothing more. */
const MAX_SEGMENTS = 64;

export function contextOf(cgroup: string | null, exe: string | null): ProcessContext {
  if (cgroup === null) {
    const bundle = bundleOf([], exe);
    return bundle === null ? NOTHING : { ...NOTHING, bundle };
  }
  const segments = cgroup.split("/", MAX_SEGMENTS).filter((segment) => segment !== "");
  const place = containerOf(segments);
  // The unit a container's engine made for it says no more than the container; the units inside do.
  if (place !== null) return { unit: unitOf(place.inside), container: place.container, bundle: null };
  return { unit: unitOf(segments), container: null, bundle: bundleOf(segments, exe) };
}
