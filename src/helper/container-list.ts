/**
 * Names of the system's Podman containers: its list, copied as it is, once, at
 * start, because only root may read it. Docker's files are left alone: beside
 * the name they hold a container's environment, where passwords stand.
 */
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { FRAME_KIND } from "../contract/helper-protocol.ts";
import type { FrameSource } from "./frame-source.ts";

/** As the contract says; some 500 bytes a container. A list cut short could not be read. */
const MAX_BYTES = 1024 * 1024;
/** Those that go when they end (`--rm`) stand in the second. */
export const CONTAINER_LISTS = [
  "/var/lib/containers/storage/overlay-containers/containers.json",
  "/run/containers/storage/overlay-containers/volatile-containers.json",
];

/** undefined: none, or not a plain file of root's. */
function readList(file: string, ownerUid: number): Uint8Array | undefined {
  try {
    const fd = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const about = fstatSync(fd);
      if (!about.isFile() || about.uid !== ownerUid || about.size === 0 || about.size > MAX_BYTES) return undefined;
      const target = new Uint8Array(about.size);
      return target.subarray(0, readSync(fd, target, 0, target.length, 0));
    } finally {
      closeSync(fd);
    }
  } catch {
    return undefined;
  }
}

export function sendContainerLists(files: readonly string[] = CONTAINER_LISTS, ownerUid = 0): FrameSource {
  let isSent = false;
  return {
    send: async (writer) => {
      if (isSent) return;
      isSent = true;
      for (const file of files) {
        const bytes = readList(file, ownerUid);
        if (bytes !== undefined) await writer.writeBytes(FRAME_KIND.containerList, bytes);
      }
    },
  };
}
