/** Paths of cgroups by id, and the images that wait for theirs: a socket tells the id, the path may be told later. */
import type { CgroupPath } from "../model/capture-facts.ts";
import { oldestFirst } from "../model/oldest-first.ts";
import type { ProcessImage } from "./process-entry.ts";

export interface CgroupPaths {
  /** null: not told yet. */
  readonly pathOf: (cgroupId: number) => string | null;
  /** The images that waited for these. */
  readonly learn: (cgroups: readonly CgroupPath[]) => readonly ProcessImage[];
  /** The image learns its cgroup's path when that is told; nothing to do where it has one. */
  readonly await: (image: ProcessImage) => void;
  readonly stopAwaiting: (image: ProcessImage) => void;
  /** To be called now and then, see oldestFirst. */
  readonly rest: () => void;
}

/** Systemd machines have hundreds, container hosts thousands. */
const MAX_CGROUPS = 65_536;

export function createCgroupPaths(): CgroupPaths {
  const paths = new Map<number, string>();
  const byAge = oldestFirst(paths);
  const pathless = new Map<number, Set<ProcessImage>>();

  function learnOne(id: number, path: string, told: ProcessImage[]): void {
    paths.delete(id);
    paths.set(id, path);
    if (paths.size > MAX_CGROUPS) {
      const oldest = byAge.next();
      if (oldest !== undefined) paths.delete(oldest);
    }
    // Only those that wait: any user may make cgroups by the thousand, and a walk over all processes each time would not end.
    for (const image of pathless.get(id) ?? []) {
      image.facts = { ...image.facts, cgroup: path };
      told.push(image);
    }
    pathless.delete(id);
  }

  return {
    pathOf: (cgroupId) => paths.get(cgroupId) ?? null,
    learn: (cgroups) => {
      const told: ProcessImage[] = [];
      for (const { id, path } of cgroups) learnOne(Number(id), path, told);
      return told;
    },
    await: (image) => {
      if (image.facts.cgroup !== null) return;
      const waiting = pathless.get(image.cgroupId);
      if (waiting === undefined) pathless.set(image.cgroupId, new Set([image]));
      else waiting.add(image);
    },
    stopAwaiting: (image) => {
      const waiting = pathless.get(image.cgroupId);
      if (waiting?.delete(image) === true && waiting.size === 0) pathless.delete(image.cgroupId);
    },
    rest: () => byAge.rest(),
  };
}
