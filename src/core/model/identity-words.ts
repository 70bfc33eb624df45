/** What a program is part of, in words. Hostile text stays in: whoever shows it makes it safe to show. */
import { shortContainerId } from "./container-text.ts";
import type { OwningPackage } from "./owning-package.ts";
import type { Bundle, ContainerRuntime, NamedContainer, SystemdUnit } from "./process-context.ts";

const BUNDLE_WORDS: Readonly<Record<Bundle["kind"], string>> = {
  flatpak: "Flatpak",
  snap: "snap",
  appimage: "AppImage",
};

export const bundleText = ({ kind, id }: Bundle): string => `${BUNDLE_WORDS[kind]} ${id}`;

const RUNTIME_WORDS: Readonly<Record<ContainerRuntime, string>> = {
  docker: "Docker",
  podman: "Podman",
  containerd: "containerd",
  "cri-o": "CRI-O",
  lxc: "LXC",
  "systemd-nspawn": "systemd-nspawn",
};

export const containerName = ({ id, name }: NamedContainer): string => name ?? shortContainerId(id);

/** What tells it from others: `Podman`, `3f4e8a1b3f4e`, `image images.example/library/postgres:16`, `of user 1000`. */
export function containerFacts({ runtime, id, podId, ownerUid, name, image }: NamedContainer): readonly string[] {
  return [
    runtime === null ? null : RUNTIME_WORDS[runtime],
    name === null ? null : shortContainerId(id),
    image === null ? null : `image ${image}`,
    podId === null ? null : `pod ${shortContainerId(podId)}`,
    ownerUid === null ? null : `of user ${ownerUid}`,
  ].filter((fact) => fact !== null);
}

/** `web-db (Podman, 3f4e8a1b3f4e, image images.example/library/postgres:16, of user 1000)`. */
export function containerFactText(container: NamedContainer): string {
  const facts = containerFacts(container);
  return `${containerName(container)}${facts.length === 0 ? "" : ` (${facts.join(", ")})`}`;
}

/** A user's own units are named by that user. */
export const unitText = ({ name, ownerUid }: SystemdUnit): string =>
  ownerUid === null ? name : `${name} (of user ${ownerUid})`;

export const packageText = ({ manager, name, version }: OwningPackage): string =>
  `${name}${version === null ? "" : ` ${version}`} (${manager})`;

export const EXE_DELETED_TEXT = "the executable was replaced or deleted since it started";
