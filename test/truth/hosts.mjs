// @ts-check
/**
 * The hosts of the naming scenarios: where they are, what they are called, and
 * what their operator calls them. One address a scenario, so that none names
 * another's flows.
 */
import { echConfigList } from "./ech-config.mjs";

const DOMAIN = "truth.example";

/** One row a host. @type {Readonly<Record<string, { address: string, names: readonly string[], ttlSec?: number }>>} */
export const HOSTS = {
  N1: { address: "10.77.0.101", names: [`own.${DOMAIN}`] },
  N1b: { address: "10.77.0.151", names: [`c-ares.${DOMAIN}`] },
  N1c: { address: "10.77.0.152", names: [`by-unbound.${DOMAIN}`] },
  N2a: { address: "10.77.0.102", names: [`first-of-two.${DOMAIN}`] },
  N2b: { address: "10.77.0.103", names: [`second-of-two.${DOMAIN}`] },
  N3: { address: "10.77.0.133", names: [`end-of-the-chain.${DOMAIN}`] },
  N4: { address: "10.77.0.104", names: [`early.cdn.${DOMAIN}`, `late.cdn.${DOMAIN}`] },
  N4b: { address: "10.77.0.174", names: [`one.cdn.${DOMAIN}`, `other.cdn.${DOMAIN}`] },
  N5: { address: "10.77.0.105", names: [`for-one-program.${DOMAIN}`, `for-the-other.${DOMAIN}`] },
  N6: { address: "10.77.0.106", names: [`long-cached.${DOMAIN}`], ttlSec: 1 },
  N7: { address: "10.77.0.107", names: [`before-the-fork.${DOMAIN}`] },
  N8: { address: "10.77.0.108", names: [`before-the-exec.${DOMAIN}`] },
  N9: { address: "10.77.0.109", names: [`behind-a-stub.${DOMAIN}`] },
  N10b: { address: "10.77.0.140", names: [`by-nscd.${DOMAIN}`] },
  N10c: { address: "10.77.0.141", names: [`by-resolved.${DOMAIN}`] },
  N10d: { address: "10.77.0.142", names: [`by-musl.${DOMAIN}`] },
  N10e: { address: "10.77.0.143", names: [`by-older-call.${DOMAIN}`] },
  N14: { address: "10.77.0.114", names: [`looked-up.${DOMAIN}`] },
  N15: { address: "10.77.0.115", names: [`quic-browser.${DOMAIN}`] },
  N15g: { address: "10.77.0.155", names: [`quic-two.${DOMAIN}`] },
  N16: { address: "10.77.0.116", names: [`hidden.${DOMAIN}`] },
  N16c: { address: "10.77.0.176", names: [`hidden-too.${DOMAIN}`] },
  N17b: { address: "10.77.0.157", names: [`asked-in-secret.${DOMAIN}`] },
  N18b: { address: "10.77.0.168", names: [`plain-looked-up.${DOMAIN}`] },
  N20: { address: "10.77.0.120", names: [`after-the-connect.${DOMAIN}`] },
  N22: { address: "10.77.0.122", names: [`never-followed.${DOMAIN}`] },
  N23: { address: "10.77.0.123", names: [`xn--mnchen-3ya.${DOMAIN}`] },
  N23b: { address: "10.77.0.153", names: [`xn--pple-43d.${DOMAIN}`] },
  N23c: { address: "10.77.0.163", names: [`xn--evilgnp-376c.${DOMAIN}`] },
  N24a: { address: "10.77.0.124", names: [`intranet.corp.${DOMAIN}`] },
  N24b: { address: "10.77.0.154", names: [`with-a-dot.${DOMAIN}`] },
  N26: { address: "10.77.0.126", names: [`own-resolver.${DOMAIN}`] },
  N26b: { address: "10.77.0.156", names: [`go-program.${DOMAIN}`] },
  N27: { address: "10.77.0.127", names: [`behind-the-proxy.${DOMAIN}`] },
  N27p: { address: "10.77.0.128", names: [`proxy.${DOMAIN}`] },
};

/** Addresses whose names do not come from the name server. */
export const UNLISTED_ADDRESSES = /** @type {const} */ ({
  N1c: "10.77.0.173",
  N10: "10.77.0.110",
  N11: "10.77.0.111",
  N11b: "10.77.0.161",
  N11c: "10.77.0.162",
  N12: "10.77.0.112",
  N13: "10.77.0.113",
  N13b: "10.77.0.134",
  N15b: "10.77.0.165",
  N15c: "10.77.0.166",
  N15d: "10.77.0.167",
  N15e: "10.77.0.169",
  N15f: "10.77.0.170",
  N16b: "10.77.0.175",
  N17: "10.77.0.117",
  N17b: "10.77.0.172",
  N18: "10.77.0.118",
  N19: "10.77.0.119",
  N21: "10.77.0.121",
  N21b: "10.77.0.171",
  N25: "10.77.0.125",
});

/** Names only /etc/hosts of the scenarios' machine knows. */
export const HOSTS_FILE_NAMES = /** @type {const} */ ({
  N11: `in-the-hosts-file.${DOMAIN}`,
  N11b: `read-by-itself.${DOMAIN}`,
  N11c: `read-by-musl.${DOMAIN}`,
});

/** Every address the server side answers on for a scenario. */
export const SCENARIO_ADDRESSES = [
  ...Object.values(HOSTS).map(({ address }) => address),
  ...Object.values(UNLISTED_ADDRESSES),
];

/** @param {string} key of HOSTS */
export function host(key) {
  const found = HOSTS[key];
  if (found === undefined) throw new Error(`no host ${key}`);
  return { ...found, name: found.names[0] ?? "" };
}

const CHAIN_LENGTH = 8;
/** Alias n of the chain points to alias n+1, the last one to the host. @param {number} index */
export const chainName = (index) => (index === CHAIN_LENGTH ? host("N3").name : `alias-${index}.chain.${DOMAIN}`);

/** What operators call their machines: what a reverse lookup of the address tells. @param {string} address */
export const operatorName = (address) => `server-${address.replaceAll(".", "-")}.cdn.example`;

/** Only the stub on nscd's socket knows it. */
export const SOCKET_NAME = `by-socket.${DOMAIN}`;
/** What hellos for the hosts with an ECH key show to everybody. */
export const ECH_PUBLIC_NAME = `front.ech-provider.${DOMAIN}`;
/** Told by multicast DNS only. */
export const LOCAL_NAME = "printer.local";
export const SVCB_NAME = `only-hints.${DOMAIN}`;
export const NO_SUCH_NAME = `no-such-host.${DOMAIN}`;
/** dnsmasq refuses to speak of other domains than its own, and unbound says SERVFAIL then. */
export const SERVFAIL_NAME = "always-fails.broken.example";
export const SILENT_NAME = `never-answered.${DOMAIN}`;

/** @typedef {[key: number, value: Buffer]} SvcParameter */
/* SvcParamKeys, RFC 9460 section 14.3.2 */
const ALPN = 1;
const IPV4_HINT = 4;
const ECH = 5;

/** @param {string} address @returns {SvcParameter} */
const ipv4Hint = (address) => [IPV4_HINT, Buffer.from(address.split(".").map(Number))];

/** An HTTPS record in hexadecimal: priority 1, target ".", parameters (RFC 9460 section 2.2). @param {SvcParameter[]} parameters */
function httpsRecord(parameters) {
  const parts = parameters.map(([key, value]) => {
    const head = Buffer.alloc(4);
    head.writeUInt16BE(key, 0);
    head.writeUInt16BE(value.length, 2);
    return Buffer.concat([head, value]);
  });
  return Buffer.concat([Buffer.from([0, 1, 0]), ...parts]).toString("hex");
}

/** dnsmasq's options for all of the above. @returns {string[]} */
export function dnsmasqRecords() {
  const records = Object.values(HOSTS).flatMap(({ address, names, ttlSec }) =>
    names.map((name) => `--host-record=${name},${address}${ttlSec === undefined ? "" : `,${ttlSec}`}`),
  );
  const aliases = Array.from(
    { length: CHAIN_LENGTH },
    (_, index) => `--cname=${chainName(index)},${chainName(index + 1)}`,
  );
  const reverse = SCENARIO_ADDRESSES.map((address) => {
    const label = address.split(".").reverse().join(".");
    return `--ptr-record=${label}.in-addr.arpa,${operatorName(address)}`;
  });
  const hinted = [`--dns-rr=${SVCB_NAME},65,${httpsRecord([ipv4Hint(UNLISTED_ADDRESSES.N19)])}`];
  const hiding = [host("N16"), host("N16c")].map(({ name, address }) => {
    const parameters = [[ALPN, Buffer.from("\x02h2")], ipv4Hint(address), [ECH, echConfigList(ECH_PUBLIC_NAME)]];
    return `--dns-rr=${name},65,${httpsRecord(/** @type {SvcParameter[]} */ (parameters))}`;
  });
  return [`--local=/${DOMAIN}/`, ...records, ...aliases, ...reverse, ...hinted, ...hiding];
}
