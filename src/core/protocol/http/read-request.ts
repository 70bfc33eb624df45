/**
 * The first bytes a client sends on a plain TCP stream -> whom its HTTP/1
 * request is for (RFC 9112 section 3, RFC 9110 section 7.2).
 */
import { createStreamJoiner } from "../join-stream.ts";
import { type HttpRequest, parseRequestHead } from "./parse-request-head.ts";

export type RequestFailure = "not-http" | "malformed" | "lost" | "too-long" | "no-host";

export type RequestResult =
  | { readonly status: "more" }
  | { readonly status: "complete"; readonly request: HttpRequest }
  /**
   * not-http: another protocol, or HTTP/2. malformed: a head no server may take.
   * lost: a piece is missing. too-long: cut in front of its Host. no-host: HTTP/1.0 without one.
   */
  | { readonly status: "failed"; readonly reason: RequestFailure };

export interface RequestReader {
  /** Pieces of the client's direction. Call no more after "complete" or "failed". */
  readonly push: (streamOffset: number, data: Uint8Array) => RequestResult;
}

/** What the kernel side copies of a request; the rest of a longer head is never seen. */
export const MAX_REQUEST_BYTES = 2048;

export function createRequestReader(): RequestReader {
  const joiner = createStreamJoiner();
  const head = new Uint8Array(MAX_REQUEST_BYTES);
  let length = 0;
  function push(streamOffset: number, data: Uint8Array): RequestResult {
    const fresh = joiner.push(streamOffset, data);
    if (joiner.isLost()) return { status: "failed", reason: "lost" };
    if (fresh.length === 0) return { status: "more" };
    const part = fresh.subarray(0, MAX_REQUEST_BYTES - length);
    head.set(part, length);
    length += part.length;
    const result = parseRequestHead(head.subarray(0, length), length === MAX_REQUEST_BYTES);
    if (result === "more") return { status: "more" };
    return typeof result === "string" ? { status: "failed", reason: result } : { status: "complete", request: result };
  }
  return { push };
}
