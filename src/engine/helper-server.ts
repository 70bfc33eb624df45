/**
 * The place where the root helper finds us: a unix socket in a folder only we
 * can enter. Exactly one peer is taken, and only if the kernel says it is
 * root; whoever else comes is turned away without a byte.
 */
import { lstat, mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** struct sockaddr_un: 108 bytes with the final NUL. */
const MAX_SOCKET_PATH_BYTES = 107;
const SOCKET_NAME = "helper.sock";

export interface HelperServerOptions {
  readonly peerCredentials: (fd: number) => { readonly uid: number };
  /** 0, except in tests that have no root. */
  readonly requiredUid: number;
  readonly runtimeDir: string | undefined; // $XDG_RUNTIME_DIR
}

export interface HelperServer {
  readonly socketPath: string;
  /** Resolves with the helper's connection. Never rejects; pending for ever when none comes. */
  readonly connection: Promise<Socket>;
  /** How many peers were refused. */
  readonly refusedCount: () => number;
  /** Stops listening and removes the folder. The connection lives on. */
  readonly close: () => Promise<void>;
}

/** XDG_RUNTIME_DIR counts only when it is a folder of ours that nobody else may enter. */
async function isPrivateDir(dir: string): Promise<boolean> {
  try {
    const found = await lstat(dir);
    return found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o077) === 0;
  } catch {
    return false;
  }
}

async function makeSocketDir(runtimeDir: string | undefined): Promise<string> {
  const parents = runtimeDir !== undefined && (await isPrivateDir(runtimeDir)) ? [runtimeDir] : [];
  for (const parent of [...parents, tmpdir(), "/tmp"]) {
    const longest = join(parent, "telltale-XXXXXX", SOCKET_NAME);
    if (Buffer.byteLength(longest) <= MAX_SOCKET_PATH_BYTES) return mkdtemp(join(parent, "telltale-")); // 0700
  }
  throw new Error("no folder with a path short enough for a socket");
}

/** Node keeps the descriptor of a socket to itself; there is no public way to it. */
function descriptorOf(socket: Socket): number {
  const handle: unknown = Reflect.get(socket, "_handle");
  const fd: unknown = typeof handle === "object" && handle !== null ? Reflect.get(handle, "fd") : undefined;
  if (typeof fd !== "number" || fd < 0) throw new Error("the socket has no descriptor");
  return fd;
}

function isRequiredPeer(socket: Socket, options: HelperServerOptions): boolean {
  try {
    return options.peerCredentials(descriptorOf(socket)).uid === options.requiredUid;
  } catch {
    return false; // already gone, or the kernel would not say: not our helper
  }
}

async function listen(server: Server, socketPath: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(socketPath, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

export async function listenForHelper(options: HelperServerOptions): Promise<HelperServer> {
  const dir = await makeSocketDir(options.runtimeDir);
  const socketPath = join(dir, SOCKET_NAME);
  // Half-open would keep a vanished helper's socket alive; nothing is ever read before the peer is known.
  const server = createServer({ allowHalfOpen: false, pauseOnConnect: true });
  let refused = 0;
  const connection = new Promise<Socket>((resolve) => {
    server.on("connection", (socket) => {
      socket.on("error", () => socket.destroy()); // a reset before anyone reads must not be thrown
      if (!server.listening || !isRequiredPeer(socket, options)) {
        refused += 1;
        socket.destroy();
        return;
      }
      server.close();
      resolve(socket);
    });
  });
  try {
    await listen(server, socketPath);
  } catch (error) {
    await rm(dir, { recursive: true, force: true });
    throw error;
  }
  return {
    socketPath,
    connection,
    refusedCount: () => refused,
    close: async () => {
      if (server.listening) server.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
