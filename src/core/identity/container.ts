/**
 * The container a cgroup path names: what Docker, Podman, containerd, CRI-O,
 * LXC and systemd-nspawn call their cgroups, with systemd and with the
 * cgroupfs driver. What only looks after a container (conmon, lxc.monitor,
 * nspawn's supervisor, docker.service) is not in it.
 */
import type { Container, ContainerRuntime } from "../model/process-context.ts";
import { decodeUnitName, managerUidOf } from "./systemd-unit.ts";

/** Most processes are in none: one look at the whole path spares them the others. */
const ANY = /docker|libpod|containerd|nerdctl|crio|lxc|nspawn|machine-|pod/;

/** A whole segment of the path. The group is the id. */
const SCOPES: readonly { readonly pattern: RegExp; readonly runtime: ContainerRuntime }[] = [
  { pattern: /^docker-([0-9a-f]{64})\.scope$/, runtime: "docker" },
  { pattern: /^libpod-(?:payload-)?([0-9a-f]{64})(?:\.scope)?$/, runtime: "podman" },
  { pattern: /^(?:cri-containerd|nerdctl)-([0-9a-f]{64})\.scope$/, runtime: "containerd" },
  // containerd without the systemd driver, below containerd.service: parent slice, prefix and id in one name.
  { pattern: /^[\w.-]+:cri-containerd:([0-9a-f]{64})$/, runtime: "containerd" },
  { pattern: /^crio-([0-9a-f]{64})(?:\.scope)?$/, runtime: "cri-o" },
  { pattern: /^lxc\.payload\.(.+)$/, runtime: "lxc" },
  { pattern: /^systemd-nspawn@(.+)\.service$/, runtime: "systemd-nspawn" },
];

/** Where the id is a segment of its own, its parent tells the runtime. */
const PARENTS: Readonly<Record<string, ContainerRuntime>> = { docker: "docker", lxc: "lxc" };
const ID = /^[0-9a-f]{64}$/;
const KUBERNETES_POD = /(?:^|-)pod([0-9a-f]{8}(?:[-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}|[0-9a-f]{32})(?:\.slice)?(?::|$)/;
const PODMAN_POD = /libpod_pod_([0-9a-f]{64})/;
/** machined registers virtual machines under the same names: "machine-qemu\x2d1\x2dvm.scope". */
const MACHINE = /^machine-(.+)\.scope$/;
const VIRTUAL_MACHINE = /^(qemu|lxc|vz|xen|vmware)-\d+-/;

interface Found {
  readonly runtime: ContainerRuntime | null;
  readonly id: string;
}

function machineOf(segment: string): Found | null {
  const id = MACHINE.exec(segment)?.[1];
  if (id === undefined) return null;
  const name = decodeUnitName(id);
  return VIRTUAL_MACHINE.test(name) ? null : { runtime: "systemd-nspawn", id: name };
}

function byParent(segment: string, parent: string | undefined): Found | null {
  if (parent === undefined) return null;
  const runtime = Object.hasOwn(PARENTS, parent) ? (PARENTS[parent] ?? null) : null;
  if (runtime === "lxc") return { runtime, id: segment };
  if (!ID.test(segment)) return null;
  if (runtime !== null) return { runtime, id: segment };
  return KUBERNETES_POD.test(parent) ? { runtime: null, id: segment } : null;
}

function containerAt(segments: readonly string[], index: number): Found | null {
  const segment = segments[index] ?? "";
  for (const { pattern, runtime } of SCOPES) {
    const id = pattern.exec(segment)?.[1];
    if (id === undefined) continue;
    if (runtime === "systemd-nspawn" && segments[index + 1] === "supervisor") return null;
    return { runtime, id: runtime === "lxc" || runtime === "systemd-nspawn" ? decodeUnitName(id) : id };
  }
  return machineOf(segment) ?? byParent(segment, segments[index - 1]);
}

function podOf(segments: readonly string[]): string | null {
  for (const segment of segments) {
    // Slices cannot hold a hyphen that means nothing: Kubernetes writes it as an underscore there.
    const kubernetes = KUBERNETES_POD.exec(segment)?.[1];
    if (kubernetes !== undefined) return kubernetes.replaceAll("_", "-");
    const podman = PODMAN_POD.exec(segment)?.[1];
    if (podman !== undefined) return podman;
  }
  return null;
}

export interface ContainerPlace {
  readonly container: Container;
  /** Its cgroup, from the root. */
  readonly outside: readonly string[];
  /** The cgroup path inside it: the container's own affair. */
  readonly inside: readonly string[];
}

/** The outermost container; null: none, as far as the path tells. `segments`: the path's. */
export function containerOf(cgroup: string, segments: readonly string[]): ContainerPlace | null {
  if (!ANY.test(cgroup)) return null;
  for (let index = 0; index < segments.length; index += 1) {
    const found = containerAt(segments, index);
    if (found === null) continue;
    const outside = segments.slice(0, index + 1);
    const container = { ...found, podId: podOf(outside), ownerUid: managerUidOf(outside) };
    return { container, outside, inside: segments.slice(index + 1) };
  }
  return null;
}
