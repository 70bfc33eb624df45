/** What a process is part of: unit, container, bundle. Pure: from its cgroup path and its executable. */
import type { Container, ProcessContext } from "../model/process-context.ts";
import { bundleOf } from "./bundle.ts";
import { containerOf } from "./container.ts";
import { managerUidOf, unitOf } from "./systemd-unit.ts";

const NOTHING: ProcessContext = { unit: null, container: null, bundle: null };

/** Deeper than any path the kernel side copies; what is below says nothing more. */
const MAX_SEGMENTS = 64;

const segmentsOf = (cgroup: string): readonly string[] =>
  cgroup.split("/", MAX_SEGMENTS).filter((segment) => segment !== "");

export function contextOf(cgroup: string | null, exe: string | null): ProcessContext {
  if (cgroup === null) {
    const bundle = bundleOf([], exe);
    return bundle === null ? NOTHING : { ...NOTHING, bundle };
  }
  const segments = segmentsOf(cgroup);
  const place = containerOf(cgroup, segments);
  // The unit a container's engine made for it says no more than the container; the units inside do.
  if (place !== null) return { unit: unitOf(place.inside), container: place.container, bundle: null };
  return { unit: unitOf(segments), container: null, bundle: bundleOf(segments, exe) };
}

export interface Place {
  /** null: the machine itself. */
  readonly key: string | null;
  readonly container: Container | null;
}

const MACHINE: Place = { key: null, container: null };
const ELSEWHERE = /flatpak/;

/**
 * Where a process's paths mean what they mean. A container is told by its whole
 * cgroup, not by the id in its name: below a cgroup of their own, users and
 * services choose the names.
 */
export function placeOf(cgroup: string | null, exe: string | null): Place {
  if (cgroup === null) return MACHINE;
  const segments = segmentsOf(cgroup);
  const place = containerOf(cgroup, segments);
  if (place !== null) return { key: `/${place.outside.join("/")}`, container: place.container };
  if (!ELSEWHERE.test(cgroup)) return MACHINE;
  const bundle = bundleOf(segments, exe);
  if (bundle?.kind !== "flatpak") return MACHINE;
  return { key: `flatpak:${managerUidOf(segments) ?? ""}:${bundle.id}`, container: null };
}
