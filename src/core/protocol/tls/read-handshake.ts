/** Handshake bytes from offset 0 -> the ClientHello they begin with (RFC 8446 section 4); over TCP and in QUIC alike. */
import { type ClientHello, parseClientHello } from "./parse-client-hello.ts";

export type HandshakeResult =
  | { readonly status: "more" }
  | { readonly status: "complete"; readonly hello: ClientHello }
  | { readonly status: "failed"; readonly reason: "malformed" | "too-long" };

/** Post-quantum key shares make hellos of 2 KiB; 16 KiB is one full TLS record. */
export const MAX_HELLO_BYTES = 16 * 1024;
const HANDSHAKE_CLIENT_HELLO = 1;
const HEADER_BYTES = 4;

export function readHandshake(handshake: Uint8Array): HandshakeResult {
  const [type, high = 0, middle = 0, low = 0] = handshake;
  if (type === undefined) return { status: "more" };
  if (type !== HANDSHAKE_CLIENT_HELLO) return { status: "failed", reason: "malformed" };
  if (handshake.length < HEADER_BYTES) return { status: "more" };
  const messageBytes = HEADER_BYTES + ((high << 16) | (middle << 8) | low);
  if (messageBytes > MAX_HELLO_BYTES) return { status: "failed", reason: "too-long" };
  if (handshake.length < messageBytes) return { status: "more" };
  const hello = parseClientHello(handshake.subarray(0, messageBytes));
  return hello === undefined ? { status: "failed", reason: "malformed" } : { status: "complete", hello };
}
