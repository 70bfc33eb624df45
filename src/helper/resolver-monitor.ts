/**
 * systemd-resolved tells, on a socket for root, every question it answers. We subscribe before the privileges go and
 * pass its words on, unread. Where it does not run there is nothing to see and nothing to say.
 */
import { existsSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { FRAME_KIND, stampBytes } from "../contract/helper-protocol.ts";
import type { Feature } from "../core/model/coverage.ts";
import type { FrameSource } from "./frame-source.ts";

export const MONITOR_SOCKET = "/run/systemd/resolve/io.systemd.Resolve.Monitor";
/** Varlink: JSON, ended by NUL. */
const SUBSCRIBE = '{"method":"io.systemd.Resolve.Monitor.SubscribeQueryResults","more":true}\0';
const UNSEEN = "names that systemd-resolved looks up on behalf of programs, as it tells them itself";
/** Some 500 answers a second; a resolver that says more is not let fill our memory. */
const MAX_BYTES_A_SECOND = 512 * 1024;
const MAX_WAITING_BYTES = 1024 * 1024;
const CONNECT_LIMIT_MS = 300;

export interface ResolverMonitor extends FrameSource {
  /** For the hello; empty where systemd-resolved does not run. */
  readonly features: () => readonly Feature[];
}

export interface MonitorOptions {
  readonly socketFile: string;
  readonly bootTimeNs: () => number;
  readonly nowMs: () => number;
}

interface Piece {
  readonly timeNs: number;
  readonly bytes: Uint8Array;
}

/** Pieces that wait to be sent, never more than a second's worth is let in. */
export function createPieceQueue(nowMs: () => number) {
  const pieces: Piece[] = [];
  let waitingBytes = 0;
  let secondBeganMs = Number.NEGATIVE_INFINITY;
  let secondBytes = 0;
  let droppedBytes = 0;
  return {
    add(piece: Piece): void {
      if (nowMs() - secondBeganMs >= 1000) {
        secondBeganMs = nowMs();
        secondBytes = 0;
      }
      const length = piece.bytes.length;
      if (secondBytes + length > MAX_BYTES_A_SECOND || waitingBytes + length > MAX_WAITING_BYTES) {
        droppedBytes += length;
        return;
      }
      secondBytes += length;
      waitingBytes += length;
      pieces.push(piece);
    },
    takeAll(): readonly Piece[] {
      waitingBytes = 0;
      return pieces.splice(0);
    },
    droppedBytes: () => droppedBytes,
  };
}

const nothingToSee: ResolverMonitor = { features: () => [], send: async () => undefined };

/** Connected, or why not. */
function connectTo(socketFile: string): Promise<Socket | string> {
  return new Promise((resolve) => {
    const socket = connect(socketFile);
    const giveUp = setTimeout(() => {
      socket.destroy();
      resolve("systemd-resolved does not answer");
    }, CONNECT_LIMIT_MS);
    socket.once("connect", () => {
      clearTimeout(giveUp);
      resolve(socket);
    });
    socket.once("error", (error) => {
      clearTimeout(giveUp);
      resolve(error.message);
    });
  });
}

interface Subscription {
  readonly queue: ReturnType<typeof createPieceQueue>;
  /** Null while it goes on. */
  readonly end: () => string | null;
}

async function subscribe({ socketFile, bootTimeNs, nowMs }: MonitorOptions): Promise<Subscription> {
  const queue = createPieceQueue(nowMs);
  const connected = await connectTo(socketFile);
  if (typeof connected === "string") return { queue, end: () => connected };
  let end: string | null = null;
  const ended = () => {
    end ??= "systemd-resolved ended the connection; only a new capture has the right to connect again";
  };
  connected.on("data", (bytes) => queue.add({ timeNs: bootTimeNs(), bytes }));
  connected.on("error", ended).on("close", ended);
  connected.write(SUBSCRIBE);
  return { queue, end: () => end };
}

export async function watchResolver(options: MonitorOptions): Promise<ResolverMonitor> {
  if (!existsSync(options.socketFile)) return nothingToSee;
  const { queue, end } = await subscribe(options);
  let told: string | null | undefined;
  const feature = (): Feature => {
    const dropped = queue.droppedBytes() > 0 ? "systemd-resolved told more than could be passed on" : null;
    told = end() ?? dropped;
    return { id: "resolver-monitor", isAttached: told === null, reason: told, unseen: UNSEEN };
  };
  return {
    features: () => [feature()],
    send: async (writer) => {
      for (const { timeNs, bytes } of queue.takeAll())
        await writer.writeBytes(FRAME_KIND.resolverMonitor, stampBytes(timeNs, bytes));
      const before = told;
      const now = feature();
      if (told !== before) await writer.writeJson(FRAME_KIND.features, [now]);
    },
  };
}
