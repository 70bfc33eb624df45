/** A conversation of two sockets of this process, every turn received before the next, and what was copied of it. */
import { once } from "node:events";
import type { Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import type { PayloadEvent } from "../../src/core/event/kernel-event.ts";
import { ofType, type Rig } from "./capture-rig.ts";
import { connectTcp, listenTcp, portOf, write } from "./loopback.ts";

export const DIALOGUE_HOST = "127.88.0.2";

/** Who speaks, and what, in one write. */
export type Turn = readonly ["client" | "server", string | Uint8Array];

/** Bytes that look like a ClientHello in a TLS record, each position told apart. */
export function helloLike(length: number): Uint8Array {
  const bytes = Uint8Array.from({ length }, (_, index) => (index * 7 + (index >> 8)) & 255);
  bytes.set([22, 3, 1, 0, 200, 1].slice(0, length));
  return bytes;
}

/** The same bytes in several turns of the client, cut at the given places. */
export function inWrites(bytes: Uint8Array, cuts: readonly number[]): readonly Turn[] {
  return [...cuts, bytes.length].map((end, index) => ["client", bytes.slice(cuts[index - 1] ?? 0, end)]);
}

function counted(socket: Socket): { readonly socket: Socket; received: number } {
  const end = { socket, received: 0 };
  socket.on("data", (bytes) => {
    end.received += bytes.length;
  });
  socket.on("error", () => {});
  return end;
}

async function untilReceived(end: { received: number }, length: number): Promise<void> {
  for (let rounds = 0; end.received < length; rounds++) {
    if (rounds > 2000) throw new Error(`${end.received} of ${length} bytes came`);
    await pause(1);
  }
}

/** Where a conversation's records are: of a port, and not before an event, as ports are used again. */
export interface Traces {
  readonly port: number;
  readonly firstEvent: number;
}

/** All that is told by now is of earlier conversations. */
export async function firstEventFromNow(rig: Rig): Promise<number> {
  await rig.until(() => true);
  return rig.events.length;
}

/** Speaks the turns and closes; `port` is the server's. */
export async function converse(rig: Rig, turns: readonly Turn[], host = DIALOGUE_HOST): Promise<Traces> {
  const firstEvent = await firstEventFromNow(rig);
  const accepted: Socket[] = [];
  const server = await listenTcp(host, 0, (socket) => accepted.push(socket));
  const port = portOf(server);
  const client = counted(await connectTcp(host, port));
  while (accepted.length === 0) await pause(1);
  const far = counted(accepted[0] ?? client.socket);
  const said = { client: 0, server: 0 };
  for (const [speaker, words] of turns) {
    const bytes = typeof words === "string" ? Buffer.from(words, "latin1") : words;
    said[speaker] += bytes.length;
    await write(speaker === "client" ? client.socket : far.socket, bytes);
    await untilReceived(speaker === "client" ? far : client, said[speaker]);
  }
  client.socket.destroy();
  await once(client.socket, "close");
  server.close();
  await rig.until((events) =>
    ofType(events.slice(firstEvent), "flow-state").some(
      (event) => event.endpoints.remote.port === port && event.newState === 7,
    ),
  );
  return { port, firstEvent };
}

/** Every payload record of a conversation, of both ends. */
export function payloadsOf(rig: Rig, { port, firstEvent }: Traces): readonly PayloadEvent[] {
  return ofType(rig.events.slice(firstEvent), "payload").filter(
    ({ endpoints }) => endpoints.remote.port === port || endpoints.local.port === port,
  );
}

/** Pieces at their offsets; fails when two of them hold the same place. */
export function joinPieces(pieces: readonly PayloadEvent[]): Uint8Array {
  const bytes = new Uint8Array(Math.max(0, ...pieces.map(({ streamOffset, data }) => streamOffset + data.length)));
  const isTaken = new Uint8Array(bytes.length);
  for (const { streamOffset, data } of pieces) {
    if (isTaken.subarray(streamOffset, streamOffset + data.length).includes(1)) {
      throw new Error(`byte ${streamOffset} was copied twice`);
    }
    isTaken.fill(1, streamOffset, streamOffset + data.length);
    bytes.set(data, streamOffset);
  }
  if (isTaken.includes(0)) throw new Error(`byte ${isTaken.indexOf(0)} is missing`);
  return bytes;
}

/** What was copied of a client's words; fails when anything else was copied. */
export function copiesOf(rig: Rig, traces: Traces): Readonly<Record<"start" | "upgrade", Uint8Array>> {
  const pieces = payloadsOf(rig, traces);
  const stray = pieces.find(
    ({ kind, direction }) => direction !== "out" || (kind !== "stream-start" && kind !== "stream-upgrade"),
  );
  if (stray !== undefined) throw new Error(`copied ${stray.direction} as ${stray.kind}`);
  return {
    start: joinPieces(pieces.filter(({ kind }) => kind === "stream-start")),
    upgrade: joinPieces(pieces.filter(({ kind }) => kind === "stream-upgrade")),
  };
}
