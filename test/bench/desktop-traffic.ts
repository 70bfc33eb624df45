/**
 * What an hour of a busy desktop looks like to the kernel side, squeezed into
 * seconds: programs look names up (by packets or by the C library), connect by
 * TCP with TLS or plain HTTP, some by QUIC, carry bytes and close; processes
 * start and end; servers are called. Records of bpf/event.h, in time order,
 * the same at every run.
 */
import {
  cgroupRecord,
  exitRecord,
  flowBytesRecord,
  flowOpenRecord,
  flowStateRecord,
  forkRecord,
  lookupRecord,
  type OwnerFields,
  payloadRecord,
  processRecord,
} from "../unit/support/encode-records.ts";
import { dnsAnswer, dnsQuestion } from "../unit/support/story.ts";

const CLIENT = "192.0.2.10";
const RESOLVER = "192.0.2.53";
const PROGRAMS = 40;
const SITES = 400;
/** One connection in so many. */
const EVERY = { lookup: 3, libcLookup: 4, tls: 2, http: 15, quic: 50, inbound: 12, process: 40, failure: 30 } as const;
/** 1,000 connections a second. */
const ROUND_NS = 1e6;

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
/** First bytes of real clients. */
export interface Samples {
  readonly hello: Uint8Array;
  readonly initial: Uint8Array;
}

/** As long as the name in the sample hello, whose place it takes. */
const siteName = (site: number): string => `www.s${String(site).padStart(4, "0")}.example`;
const SAMPLE_NAME = "api.telltale.test";
const siteAddress = (site: number): string => `198.51.${100 + (site >> 7)}.${1 + (site & 127)}`;

const ownerOf = (program: number): OwnerFields => ({
  pid: 1000 + program,
  startNs: 1000 + program,
  uid: 1000,
  cgroupId: 100 + (program % 8),
  comm: `program-${program}`,
});

/** Writes records; each connection takes the next cookie. */
interface Writer {
  readonly write: (record: Uint8Array) => void;
  readonly samples: Samples;
  timeNs: number;
  cookie: number;
}

/** The hello of a client of this site. */
function helloFor({ samples }: Writer, site: number): Uint8Array {
  const hello = samples.hello.slice();
  hello.set(ascii(siteName(site)), Buffer.from(hello).toString("latin1").toLowerCase().indexOf(SAMPLE_NAME));
  return hello;
}

function startMachine({ write }: Writer): void {
  for (let group = 0; group < 8; group += 1) {
    write(cgroupRecord({ timeNs: 1, id: 100 + group, path: `/user.slice/app.slice/app-${group}.scope` }));
  }
  for (let program = 0; program < PROGRAMS; program += 1) {
    const { pid, startNs = 0, cgroupId = 0 } = ownerOf(program);
    const exe = `/usr/bin/program-${program}`;
    write(
      processRecord({ timeNs: 2, pid, startNs, cgroupId, uid: 1000, comm: `program-${program}`, exe, argv: [exe] }),
    );
  }
}

function lookUpByPackets(writer: Writer, owner: OwnerFields, name: string, addresses: readonly string[]): void {
  const { write } = writer;
  writer.cookie += 1;
  const { cookie } = writer;
  const localPort = 33_000 + (cookie % 20_000);
  const ends = { cookie, local: CLIENT, localPort, remote: RESOLVER, remotePort: 53, protocol: "udp" as const };
  const at = (ms: number): number => writer.timeNs + ms * 1e6;
  write(flowOpenRecord({ ...ends, timeNs: at(0), owner, origin: "connect", localPort: 0 }));
  const payload = { ...ends, owner, kind: "dns-datagram" as const };
  const id = cookie & 0xffff;
  write(payloadRecord({ ...payload, timeNs: at(0.1), direction: "out", data: dnsQuestion(id, name) }));
  write(
    payloadRecord({
      ...payload,
      timeNs: at(1),
      direction: "in",
      data: dnsAnswer(id, name, [`cdn.${name}`], addresses),
    }),
  );
  const totals = { packetsSent: 1, packetsReceived: 1, bytesSent: 40, bytesReceived: 90, run: 1, isFinal: true };
  write(flowBytesRecord({ ...ends, timeNs: at(1.2), ...totals }));
}

function connect(writer: Writer, owner: OwnerFields, remote: string, first: Uint8Array | null): void {
  const { write } = writer;
  writer.cookie += 1;
  const { cookie } = writer;
  const ends = { cookie, local: CLIENT, localPort: 40_000 + (cookie % 20_000), remote, remotePort: 443 };
  const at = (ms: number): number => writer.timeNs + ms * 1e6;
  write(flowOpenRecord({ timeNs: at(2), cookie, owner, origin: "connect", remote, remotePort: 443 }));
  write(flowStateRecord({ ...ends, timeNs: at(2.2), newState: 1 }));
  if (first !== null) {
    const payload = { ...ends, owner, kind: "stream-start" as const, direction: "out" as const };
    write(payloadRecord({ ...payload, timeNs: at(2.3), data: first }));
  }
  // Open connections that move bytes are told of once a second.
  for (const second of [1, 2, 3]) {
    const totals = { bytesSent: 600 * second, bytesReceived: 30_000 * second };
    write(flowBytesRecord({ ...ends, timeNs: at(1000 * second), ...totals }));
  }
  write(
    flowStateRecord({ ...ends, timeNs: at(3500), newState: 7, oldState: 5, bytesSent: 1800, bytesReceived: 90_000 }),
  );
  write(flowBytesRecord({ ...ends, timeNs: at(3501), bytesSent: 1800, bytesReceived: 90_000, isFinal: true }));
}

function connectByQuic(writer: Writer, owner: OwnerFields, remote: string): void {
  const { write } = writer;
  writer.cookie += 1;
  const { cookie } = writer;
  const localPort = 40_000 + (cookie % 20_000);
  const ends = { cookie, local: CLIENT, localPort, remote, remotePort: 443, protocol: "udp" as const };
  const { timeNs } = writer;
  write(flowOpenRecord({ ...ends, timeNs, owner, origin: "send" }));
  write(payloadRecord({ ...ends, timeNs, owner, kind: "datagram", direction: "out", data: writer.samples.initial }));
  const totals = { packetsSent: 9, packetsReceived: 30, bytesSent: 4000, bytesReceived: 50_000, run: 1 };
  write(flowBytesRecord({ ...ends, timeNs: timeNs + 1e6, ...totals, isFinal: true }));
}

function acceptOne(writer: Writer, owner: OwnerFields): void {
  const { write, timeNs } = writer;
  writer.cookie += 1;
  const { cookie } = writer;
  const remotePort = 20_000 + (cookie % 30_000);
  const ends = { cookie, local: CLIENT, localPort: 8080, remote: `203.0.113.${1 + (cookie % 250)}`, remotePort };
  write(flowOpenRecord({ ...ends, timeNs, owner, origin: "accept" }));
  write(flowStateRecord({ ...ends, timeNs, newState: 1, oldState: 3 }));
  write(
    flowStateRecord({ ...ends, timeNs: timeNs + 1e6, newState: 7, oldState: 9, bytesSent: 900, bytesReceived: 80 }),
  );
}

function runTool({ write, timeNs }: Writer, round: number): void {
  const childPid = 10_000 + (round % 20_000);
  const parent = ownerOf(round % PROGRAMS);
  const { startNs = 0 } = parent;
  write(forkRecord({ timeNs, parentPid: parent.pid, parentStartNs: startNs, childPid, childStartNs: timeNs }));
  const exe = "/usr/bin/git";
  const process = { pid: childPid, startNs: timeNs, parentPid: parent.pid, parentStartNs: startNs, comm: "git" };
  write(processRecord({ timeNs: timeNs + 1e5, ...process, exe, argv: [exe, "fetch", "origin"] }));
  write(exitRecord({ timeNs: timeNs + 3e6, pid: childPid, startNs: timeNs }));
}

function playRound(writer: Writer, round: number): void {
  const program = (round * 7) % PROGRAMS;
  const site = (round * 13) % SITES;
  const owner = ownerOf(program);
  const addresses = [siteAddress(site), siteAddress((site + 1) % SITES)];
  const { timeNs } = writer;
  const is = (step: keyof typeof EVERY): boolean => round % EVERY[step] === 0;
  if (is("lookup")) lookUpByPackets(writer, owner, siteName(site), addresses);
  if (is("libcLookup")) {
    writer.write(lookupRecord({ timeNs: timeNs + 1.5e6, askedNs: timeNs, owner, name: siteName(site), addresses }));
  }
  if (is("failure")) writer.write(lookupRecord({ timeNs, owner, name: `gone-${site}.example`, result: -2 }));
  const request = ascii(`GET / HTTP/1.1\r\nHost: ${siteName(site)}\r\nUser-Agent: bench\r\n\r\n`);
  connect(writer, owner, siteAddress(site), is("tls") ? helloFor(writer, site) : is("http") ? request : null);
  if (is("quic")) connectByQuic(writer, owner, siteAddress(site));
  if (is("inbound")) acceptOne(writer, ownerOf(0));
  if (is("process")) runTool(writer, round);
}

/** At least `records` records, one call each. */
export function playDesktop(records: number, samples: Samples, write: (record: Uint8Array) => void): void {
  let count = 0;
  const writer: Writer = {
    write: (record) => {
      count += 1;
      write(record);
    },
    samples,
    timeNs: 1e9,
    cookie: 0,
  };
  startMachine(writer);
  for (let round = 0; count < records; round += 1) {
    playRound(writer, round);
    writer.timeNs += ROUND_NS;
  }
}
