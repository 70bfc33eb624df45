/**
 * What a process is part of, beyond its executable. All of it is read from
 * cgroup paths, executables and ancestors: see src/core/identity, and
 * SECURITY.md for who can forge which part.
 */

export const CONTAINER_RUNTIMES = ["docker", "podman", "containerd", "cri-o", "lxc", "systemd-nspawn"] as const;
export type ContainerRuntime = (typeof CONTAINER_RUNTIMES)[number];

export interface Container {
  /** null: the cgroup's name does not tell (Kubernetes with the cgroupfs driver). */
  readonly runtime: ContainerRuntime | null;
  /** 64 hexadecimal digits; of LXC and systemd-nspawn the container's name. */
  readonly id: string;
  /** UID of its Kubernetes pod, or the id of its Podman pod. */
  readonly podId: string | null;
  /** The user whose service manager holds it (rootless); null: the system's. */
  readonly ownerUid: number | null;
}

/** What its runtime's files call a container; hostile text: whoever starts one chooses its name. */
export interface ContainerName {
  readonly id: string;
  readonly ownerUid: number | null;
  readonly name: string | null;
  readonly image: string | null;
}

/** null where no file told. */
export interface NamedContainer extends Container {
  readonly name: string | null;
  readonly image: string | null;
}

export interface SystemdUnit {
  /** As systemd calls it, escapes decoded: "app-org.kde.kate-1.scope". */
  readonly name: string;
  readonly kind: "service" | "scope" | "slice" | "other";
  /** Whose service manager; null: the system's. */
  readonly ownerUid: number | null;
}

/** A format that brings a program's files along. */
export interface Bundle {
  readonly kind: "flatpak" | "snap" | "appimage";
  /** Flatpak's application id, the snap's name, the AppImage's mount. */
  readonly id: string;
}

export interface ProcessContext {
  readonly unit: SystemdUnit | null;
  readonly container: Container | null;
  readonly bundle: Bundle | null;
}
