/** Helper messages back to frames: what a recording holds. The inverse of contract/frame-decoder.ts. */
import { encodeFrameHeader, FRAME_KIND, type FrameKind, stampBytes } from "../contract/helper-protocol.ts";
import type { HelperMessage } from "../core/session/session-api.ts";

const EMPTY = new Uint8Array(0);

function payloadOf(message: HelperMessage): { kind: FrameKind; payload: Uint8Array } {
  const json = (value: unknown) => Buffer.from(JSON.stringify(value), "utf8");
  switch (message.kind) {
    case "hello":
      return { kind: FRAME_KIND.hello, payload: json(message.hello) };
    case "records":
      return { kind: FRAME_KIND.records, payload: message.bytes };
    case "process-arguments":
      return { kind: FRAME_KIND.processArguments, payload: json(message.processes) };
    case "cgroups":
      return { kind: FRAME_KIND.cgroups, payload: json(message.cgroups) };
    case "stats":
      return { kind: FRAME_KIND.stats, payload: json(message.stats) };
    case "failure":
      return { kind: FRAME_KIND.failure, payload: json({ code: message.code, detail: message.detail }) };
    case "live":
      return { kind: FRAME_KIND.live, payload: EMPTY };
    case "features":
      return { kind: FRAME_KIND.features, payload: json(message.features) };
    case "hosts-file":
      return { kind: FRAME_KIND.hostsFile, payload: stampBytes(message.timeNs, message.bytes) };
    case "resolver-monitor":
      return { kind: FRAME_KIND.resolverMonitor, payload: stampBytes(message.timeNs, message.bytes) };
    case "container-list":
      return { kind: FRAME_KIND.containerList, payload: message.bytes };
  }
}

/** One frame, copied: the message's bytes may be reused by the caller afterwards. */
export function encodeMessage(message: HelperMessage): Uint8Array {
  const { kind, payload } = payloadOf(message);
  const header = encodeFrameHeader(kind, payload.byteLength);
  const frame = new Uint8Array(header.byteLength + payload.byteLength);
  frame.set(header, 0);
  frame.set(payload, header.byteLength);
  return frame;
}
