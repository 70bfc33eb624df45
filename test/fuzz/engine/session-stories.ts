/** What sessions are told first: short stories of lookups, connections and what goes wrong, for mutation to begin with. */
import { encodeEchConfigs, encodeHello, encodeOuterEch, tlsRecords } from "../../unit/support/encode-hello.ts";
import { cryptoFrame, sealInitial } from "../../unit/support/encode-quic.ts";
import { dnsAnswer, dnsQuestion } from "../../unit/support/story.ts";
import { bytesOfHex, bytesOfText } from "./seed-files.ts";
import { STEP, stepBytes } from "./session-steps.ts";

export const UDP_DNS = 0x80 | (1 << 3) | 5;
export const TCP_DNS = (1 << 3) | 5;
export const IN = 0x80;
/** Origins of STEP.open by number: connect, send, accept. */
const opened = (a: number, b: number, origin = 0): number[] => stepBytes(STEP.open, a, b, new Uint8Array([origin, 2]));
const established = (a: number, b: number): number[] => stepBytes(STEP.state, a, b, new Uint8Array([1, 2, 0]));
const closed = (a: number, b: number): number[] => stepBytes(STEP.state, a, b, new Uint8Array([7, 5, 0]));

export const question = dnsQuestion(7, "a.example");
const answer = dnsAnswer(7, "a.example", ["b.example"], ["192.0.2.1", "2001:db8::1"]);
const framed = (bytes: Uint8Array): Uint8Array => new Uint8Array([0, bytes.length, ...bytes]);
const lookedUp = [
  ...opened(1, UDP_DNS, 1),
  ...stepBytes(0, 1, UDP_DNS, question),
  ...stepBytes(0, 1 | IN, UDP_DNS, answer),
];
const hello = tlsRecords(encodeHello({ serverName: "c.example", alpn: ["h2"] })).subarray(0, 255);
export const initial = sealInitial({
  destinationId: bytesOfHex("aabb"),
  frames: cryptoFrame(0, encodeHello({ serverName: "q.example", keyShareBytes: 0, cipherSuites: [] })),
}).subarray(0, 255);
const monitored = JSON.stringify({
  parameters: {
    state: "success",
    question: [{ class: 1, type: 1, name: "m.example" }],
    answer: [{ rr: { key: { class: 1, type: 1, name: "m.example" }, address: [192, 0, 2, 1] } }],
  },
});

export const STORIES: readonly (readonly number[])[] = [
  [
    ...stepBytes(STEP.exec, 0, 1, bytesOfText("x")),
    ...lookedUp,
    ...opened(2, 0),
    ...established(2, 0),
    ...closed(2, 0),
  ],
  [...lookedUp, ...opened(2, 0), ...stepBytes(2, 2, 0, hello), ...stepBytes(STEP.wait, 30, 2), ...closed(2, 0)],
  [...opened(3, 0x80, 1), ...stepBytes(3, 3, 0x80, initial), ...stepBytes(STEP.bytes, 3, 0x80, new Uint8Array([1, 1]))],
  [
    ...opened(4, TCP_DNS),
    ...stepBytes(1, 4 | 0x40, TCP_DNS, new Uint8Array([0, 0, ...framed(question)])),
    ...stepBytes(1, 4 | 0xc0, TCP_DNS, new Uint8Array([0, 0, ...framed(answer)])),
  ],
  [...opened(2, 3 << 3), ...stepBytes(2, 2, 3 << 3, bytesOfText("GET / HTTP/1.1\r\nHost: h.example\r\n\r\n"))],
  [
    ...opened(2, 5 << 3),
    ...stepBytes(2, 2, 5 << 3, bytesOfText("CONNECT t.example:443 HTTP/1.1\r\nHost: t.example\r\n\r\n")),
    ...stepBytes(4, 2, 5 << 3, hello),
  ],
  [
    ...stepBytes(STEP.lookup, IN, 3, bytesOfText("l.example")),
    ...stepBytes(STEP.fork, 0, 3),
    ...opened(2 | 24, 1),
    ...stepBytes(STEP.exit, 0, 0),
  ],
  [
    ...stepBytes(STEP.hostsFile, 0, 0, bytesOfText("192.0.2.2 hosts.example other.example\n")),
    ...stepBytes(STEP.monitor, 0, 0, bytesOfText(`${monitored}\0`)),
    ...opened(1, 1),
    ...opened(2, 0),
    ...stepBytes(STEP.reverseName, 0, 0, bytesOfText("ptr.example.net")),
    ...stepBytes(STEP.cgroup, 1, 1),
    ...stepBytes(STEP.arguments, 0, 0, bytesOfText("x")),
  ],
];

/** An HTTPS record with ECH, a hello that shows its public name; a multicast answer; a script; addresses of every kind. */
const echConfigs = encodeEchConfigs(["public.example"]);
const serviceRecord = (name: string): Uint8Array =>
  new Uint8Array([
    ...[0, 9, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, name.length, ...bytesOfText(name), 0, 0, 65, 0, 1],
    ...[0xc0, 12, 0, 65, 0, 1, 0, 0, 0, 60, 0, echConfigs.length + 15],
    ...[0, 1, 0, 0, 4, 0, 4, 192, 0, 2, 1, 0, 5, 0, echConfigs.length, ...echConfigs],
  ]);
const asksService = new Uint8Array([0, 9, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 6, ...bytesOfText("hidden"), 0, 0, 65, 0, 1]);
const outerHello = tlsRecords(
  encodeHello({ serverName: "public.example", ech: encodeOuterEch(20), keyShareBytes: 0, cipherSuites: [] }),
);
export const MORE_STORIES: readonly (readonly number[])[] = [
  [
    ...opened(1, UDP_DNS, 1),
    ...stepBytes(0, 1, UDP_DNS, asksService),
    ...stepBytes(0, 1 | IN, UDP_DNS, serviceRecord("hidden")),
    ...opened(2, 0),
    ...stepBytes(2, 2, 0, outerHello.subarray(0, 255)),
  ],
  [
    ...opened(1, 0x80 | (2 << 3) | 4, 1),
    ...stepBytes(0, 1 | IN, 0x80 | (2 << 3) | 4, dnsAnswer(0, "box.local", [], ["10.0.0.1"])),
  ],
  [
    ...stepBytes(STEP.exec, 0, 0, bytesOfText("python3 -m tool.py --x")),
    ...stepBytes(STEP.told, 0, 0),
    ...stepBytes(STEP.told, 1, 0),
    ...stepBytes(STEP.told, 2, 0),
    ...[0xf6, 0xf7, 0xf8, 0xf9, 0xfa, 0xfb].flatMap((b, index) => [...opened(index, b), ...established(index, b)]),
  ],
  [
    ...opened(1, UDP_DNS, 1),
    ...stepBytes(0, 1, UDP_DNS, question),
    ...stepBytes(
      0,
      1 | IN,
      UDP_DNS,
      new Uint8Array([0, 7, 0x81, 0x83, 0, 1, 0, 0, 0, 0, 0, 0, ...question.subarray(12)]),
    ),
    ...stepBytes(STEP.wait, 40, 1),
  ],
];
