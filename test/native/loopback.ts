/** Traffic of known size between two sockets of this process. */
import { createSocket, type Socket as Datagrams } from "node:dgram";
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

export async function listenTcp(host: string, port: number, onSocket: (socket: Socket) => void): Promise<Server> {
  const server = createServer({ noDelay: true, allowHalfOpen: false }, onSocket);
  server.listen(port, host);
  await once(server, "listening");
  return server;
}

export function portOf(server: Server | Datagrams): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not bound");
  return address.port;
}

export async function connectTcp(host: string, port: number): Promise<Socket> {
  const socket = connect({ host, port, noDelay: true });
  await once(socket, "connect");
  return socket;
}

export async function write(socket: Socket, bytes: Uint8Array): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}

export async function bindUdp(type: "udp4" | "udp6", host: string, port: number): Promise<Datagrams> {
  const socket = createSocket(type);
  socket.bind(port, host);
  await once(socket, "listening");
  return socket;
}

export async function send(socket: Datagrams, bytes: Uint8Array, port: number, host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.send(bytes, port, host, (error) => (error ? reject(error) : resolve()));
  });
}
