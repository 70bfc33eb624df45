// @ts-check
/** DNS messages as tshark reads them: structured output, for a frame may hold several of them. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** @typedef {import("./tshark-facts.mjs").Fact} Fact */

const run = promisify(execFile);
const MDNS_PORT = "5353";
/** @type {Readonly<Record<number, string>>} */
const TYPES = {
  1: "A",
  2: "NS",
  5: "CNAME",
  6: "SOA",
  12: "PTR",
  16: "TXT",
  28: "AAAA",
  33: "SRV",
  47: "NSEC",
  65: "HTTPS",
  255: "ANY",
};
/** @type {Readonly<Record<number, string>>} */
const RESPONSE_CODES = { 0: "NOERROR", 1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED" };

/** @param {unknown} value one or many @returns {any[]} */
const list = (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]);

/** @param {string} name */
const lower = (name) =>
  name
    .toLowerCase()
    .replace(/\.$/, "")
    .replace(/^<root>$/, "");

/** @param {Record<string, any>} record @returns {string[]} as our-facts.ts writes it; none for kinds we do not read */
function recordText(record) {
  const owner = `${lower(record["dns.resp.name"] ?? "")} ${record["dns.resp.ttl"]}`;
  switch (Number(record["dns.resp.type"])) {
    case 1:
      return [`${owner} A ${record["dns.a"]}`];
    case 5:
      return [`${owner} CNAME ${lower(record["dns.cname"])}`];
    case 12:
      return [`${owner} PTR ${lower(record["dns.ptr.domain_name"])}`];
    case 28:
      return [`${owner} AAAA ${record["dns.aaaa"]}`];
    case 64:
    case 65:
      return [`${owner} service ${[...hintsOf(record)].sort().join(",")}`];
    default:
      return [];
  }
}

/** Every value of a key, wherever it lies in the tree. @param {any} tree @returns {string[]} */
function hintsOf(tree) {
  if (tree === null || typeof tree !== "object") return [];
  return Object.entries(tree).flatMap(([key, value]) =>
    /svcparam\.ipv[46]hint\.ip$/.test(key) ? list(value) : hintsOf(value),
  );
}

/** @param {Record<string, any>} message */
function messageFacts(message) {
  const isResponse = message["dns.flags_tree"]?.["dns.flags.response"] === "1";
  const responseCode = Number(message["dns.flags_tree"]?.["dns.flags.rcode"] ?? 0);
  return {
    id: Number(message["dns.id"]),
    isResponse,
    responseCode: isResponse ? (RESPONSE_CODES[responseCode] ?? `RCODE${responseCode}`) : "",
    questions: Object.values(message.Queries ?? {})
      .flatMap(list)
      .map((question) => {
        const type = Number(question["dns.qry.type"]);
        return `${lower(question["dns.qry.name"])} ${TYPES[type] ?? `TYPE${type}`}`;
      }),
    answers: Object.values(message.Answers ?? {})
      .flatMap(list)
      .flatMap(recordText),
  };
}

/** @param {Record<string, any>} layers */
function wayOf(layers) {
  const ip = layers.ip ?? layers.ipv6;
  const ports = layers.udp ?? layers.tcp;
  const kind = layers.udp === undefined ? "tcp" : "udp";
  const [source, target] = [ports[`${kind}.srcport`], ports[`${kind}.dstport`]];
  if (source === MDNS_PORT || target === MDNS_PORT) return "mdns";
  const family = layers.ip === undefined ? "ipv6" : "ip";
  return `${ip[`${family}.src`]}:${source} > ${ip[`${family}.dst`]}:${target}`;
}

/** @param {string} file @returns {Promise<Fact[]>} */
export async function dnsFacts(file) {
  /* an ICMP error quotes the packet it is about: that is not one more message */
  const command = ["-n", "-r", file, "-Y", "(dns || mdns) && !icmp && !icmpv6", "-T", "json", "--no-duplicate-keys"];
  const { stdout } = await run("tshark", command, { maxBuffer: 512 * 1024 * 1024 });
  return JSON.parse(stdout).flatMap((/** @type {any} */ frame) => {
    const { layers } = frame._source;
    const messages = [...list(layers.dns), ...list(layers.mdns)];
    return messages.map((message) => ({
      kind: "dns",
      way: wayOf(layers),
      atMs: Number(layers.frame["frame.time_epoch"]) * 1000,
      facts: messageFacts(message),
    }));
  });
}
