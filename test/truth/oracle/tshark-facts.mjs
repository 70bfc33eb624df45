// @ts-check
/** The same facts as our-facts.ts prints, as Wireshark's dissectors read them in the packets. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { TLS_PORT } from "../world.mjs";
import { dnsFacts } from "./tshark-dns.mjs";

/**
 * @typedef {object} Fact
 * @property {"dns" | "tls" | "quic" | "http"} kind
 * @property {string} way sender and receiver
 * @property {number} atMs
 * @property {Record<string, any>} facts
 */

const run = promisify(execFile);
/** Ports whose protocol tshark cannot know. */
const DECODE_AS = [`tcp.port==${TLS_PORT},tls`, "tcp.port==3128,http", "tcp.port==587,smtp", "tcp.port==853,tls"];
const ENDS = ["frame.time_epoch", "ip.src", "ipv6.src", "ip.dst", "ipv6.dst"];
const PORTS = ["tcp.srcport", "tcp.dstport", "udp.srcport", "udp.dstport"];

/**
 * @param {string} file @param {string} filter @param {readonly string[]} fields
 * @returns {Promise<Record<string, string[]>[]>} a row a frame, every value of each field
 */
export async function frames(file, filter, fields) {
  const all = [...ENDS, ...PORTS, ...fields];
  const options = [...DECODE_AS.flatMap((rule) => ["-d", rule]), ...all.flatMap((field) => ["-e", field])];
  const shape = ["-T", "fields", "-E", "separator=/t", "-E", "occurrence=a", "-E", "aggregator=|"];
  const { stdout } = await run("tshark", ["-n", "-r", file, "-Y", filter, ...shape, ...options], {
    maxBuffer: 256 * 1024 * 1024,
  });
  const rows = stdout.split("\n").filter((line) => line !== "");
  return rows.map((line) => {
    const values = line.split("\t");
    return Object.fromEntries(
      all.map((field, index) => [field, (values[index] ?? "").split("|").filter((value) => value !== "")]),
    );
  });
}

/** @param {Record<string, string[]>} row */
export function wayOf(row) {
  const first = (/** @type {string} */ field) => row[field]?.[0];
  const source = `${first("ip.src") ?? first("ipv6.src")}:${first("tcp.srcport") ?? first("udp.srcport")}`;
  const target = `${first("ip.dst") ?? first("ipv6.dst")}:${first("tcp.dstport") ?? first("udp.dstport")}`;
  return /:5353$/.test(source) || /:5353$/.test(target) ? "mdns" : `${source} > ${target}`;
}

/** @param {Record<string, string[]>} row */
const atMs = (row) => Number(row["frame.time_epoch"]?.[0]) * 1000;

/** @param {string | undefined} name */
const lower = (name) => (name === undefined || name === "" ? null : name.toLowerCase().replace(/\.$/, ""));

const HELLO_FIELDS = [
  "tls.handshake.extensions_server_name",
  "tls.handshake.extensions_alpn_str",
  "tls.handshake.extension.type",
];
const ECH_EXTENSION = "65037";

/** @param {Record<string, string[]>} row */
const helloFacts = (row) => ({
  serverName: lower(row["tls.handshake.extensions_server_name"]?.[0]),
  alpn: row["tls.handshake.extensions_alpn_str"] ?? [],
  hasEch: row["tls.handshake.extension.type"]?.includes(ECH_EXTENSION) === true,
});

/** @param {string} file @returns {Promise<Fact[]>} */
async function tlsFacts(file) {
  const rows = await frames(file, "tcp && tls.handshake.type == 1", HELLO_FIELDS);
  return rows.map((row) => ({ kind: "tls", way: wayOf(row), atMs: atMs(row), facts: helloFacts(row) }));
}

/** @param {string} file @returns {Promise<Fact[]>} */
async function quicFacts(file) {
  const rows = await frames(file, "quic && tls.handshake.type == 1", [...HELLO_FIELDS, "quic.version"]);
  return rows.map((row) => ({
    kind: "quic",
    way: wayOf(row),
    atMs: atMs(row),
    facts: { version: Number(row["quic.version"]?.[0]), ...helloFacts(row) },
  }));
}

/** @param {string} file @returns {Promise<Fact[]>} */
async function httpFacts(file) {
  const rows = await frames(file, "http.request", ["http.request.method", "http.host"]);
  return rows.map((row) => {
    const host = lower(row["http.host"]?.[0]?.replace(/:\d+$/, ""));
    const method = row["http.request.method"]?.[0];
    const isAddress = host !== null && /^[\d.]+$/.test(host);
    return { kind: "http", way: wayOf(row), atMs: atMs(row), facts: { method, host: isAddress ? null : host } };
  });
}

/** @param {string} file @returns {Promise<Fact[]>} */
export async function tsharkFacts(file) {
  const all = await Promise.all([dnsFacts(file), tlsFacts(file), quicFacts(file), httpFacts(file)]);
  return all.flat();
}
