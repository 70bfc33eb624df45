/** Flatpak, snap or AppImage, from where the executable lies and how the cgroup is called. */
import type { Bundle } from "../model/process-context.ts";
import { decodeUnitName } from "./systemd-unit.ts";

/** Both only root can mount; the second is Fedora's and Arch's. */
const SNAP_EXE = /^(?:\/var\/lib\/snapd)?\/snap\/([a-z0-9][a-z0-9-]*)\/[^/]+\//;
/** `snap.<name>.<app>-<uuid>.scope`, of older snapd `snap.<name>.<app>.<uuid>.scope`; services end in .service. */
const SNAP_UNIT = /^snap\.([a-z0-9][a-z0-9-]*)\.[^/]+\.(?:scope|service)$/;
/** An application id: at least two dots' worth of a name (D-Bus specification, "bus names"). */
const FLATPAK_UNIT = /^app-flatpak-([\w-]+(?:\.[\w-]+)+)-\d+\.scope$/;
/** FUSE mount of an AppImage's runtime: six letters of its name, six random ones. */
const APPIMAGE_EXE = /^\/tmp\/\.mount_([^/]+?)[A-Za-z0-9]{6}\//;

export function bundleOf(segments: readonly string[], exe: string | null): Bundle | null {
  const snap = exe === null ? undefined : SNAP_EXE.exec(exe)?.[1];
  if (snap !== undefined) return { kind: "snap", id: snap };
  for (const segment of segments) {
    const name = decodeUnitName(segment);
    const flatpak = FLATPAK_UNIT.exec(name)?.[1];
    if (flatpak !== undefined) return { kind: "flatpak", id: flatpak };
    const unit = SNAP_UNIT.exec(name)?.[1];
    if (unit !== undefined) return { kind: "snap", id: unit };
  }
  const appImage = exe === null ? undefined : APPIMAGE_EXE.exec(exe)?.[1];
  return appImage === undefined ? null : { kind: "appimage", id: appImage };
}
