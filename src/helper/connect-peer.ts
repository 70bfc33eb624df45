/**
 * Finds the user's side and makes sure it is theirs: a socket in a folder only
 * they can enter, listened on by a process of theirs. Root would otherwise
 * hand everybody's traffic to whoever put a socket there first.
 */
import { lstatSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { dirname } from "node:path";
import { EXIT, HelperError } from "./exit-codes.ts";
import type { NativeAddon } from "./native.ts";

function refused(reason: string): HelperError {
  return new HelperError(EXIT.peerRefused, "peer-refused", reason);
}

function checkDir(dir: string, peerUid: number): void {
  const about = lstatSync(dir, { throwIfNoEntry: false });
  if (about === undefined) throw refused(`${dir} does not exist`);
  if (!about.isDirectory()) throw refused(`${dir} is not a folder`);
  if (about.uid !== peerUid) throw refused(`${dir} belongs to user ${about.uid}, not ${peerUid}`);
  if ((about.mode & 0o777) !== 0o700) throw refused(`${dir} is open to others than its owner`);
}

/** Node keeps the descriptor of a socket to itself; there is no public way to it. */
function descriptorOf(socket: Socket): number {
  const handle: unknown = Reflect.get(socket, "_handle");
  const fd: unknown = typeof handle === "object" && handle !== null ? Reflect.get(handle, "fd") : undefined;
  if (typeof fd !== "number" || fd < 0) throw refused("the connection ended at once");
  return fd;
}

async function connectTo(socketFile: string): Promise<Socket> {
  // Half-open: when the peer says it wants no more, the last records still go out.
  const socket = connect({ path: socketFile, allowHalfOpen: true });
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", (error) => reject(refused(error.message)));
  });
  socket.removeAllListeners("error");
  return socket;
}

export async function connectPeer(socketFile: string, peerUid: number, addon: NativeAddon): Promise<Socket> {
  checkDir(dirname(socketFile), peerUid);
  const socket = await connectTo(socketFile);
  const peer = addon.peerCredentials(descriptorOf(socket));
  if (peer.uid !== peerUid) {
    socket.destroy();
    throw refused(`${socketFile} is listened on by user ${peer.uid}, not ${peerUid}`);
  }
  return socket;
}
