// @ts-check
/** Work that keeps both ends of loopback busy, and how much of it is done a second. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { familyCpuSeconds, pause, runProgram, startProgram, stopProgram } from "./program.mjs";

/** @typedef {{ rate: number, cpuSeconds: number }} Done units a second, and processor time of both ends in all */
/**
 * @typedef {object} Running
 * @property {(seconds: number) => Promise<Done>} measure
 * @property {() => Promise<void>} stop
 */
/** @typedef {{ command: readonly string[], rateIn: (output: string) => number }} Client */
/**
 * @typedef {object} Workload
 * @property {string} id
 * @property {string} title
 * @property {string} unit
 * @property {number} bar the least that must be left of it with the whole engine
 * @property {readonly string[]} programs that must be installed
 * @property {(directory: string) => Promise<Running>} start
 */

/* Addresses of our own, so that no service of the machine is in the way. */
const WEB = { host: "127.77.53.1", port: 18080 };
const STREAM = { host: "127.77.53.2", port: 18081 };
const DATAGRAMS = { host: "127.77.53.3", port: 18082 };
const RESOLVER = { host: "127.77.53.4", port: 53 }; // the port whose messages are copied
const SETTLE_MS = 500;
const DNS_NAMES = 1000;

/** @param {string} text @param {RegExp} pattern */
function numberIn(text, pattern) {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`no ${pattern} in: ${text.slice(-2000)}`);
  return Number(found);
}

/** The shell's `times`, whose last line tells of its children: "0m1.230s 0m4.560s". @param {string} output */
function cpuOfClient(output) {
  const fields = output.trim().split("\n").at(-1)?.split(" ") ?? [];
  return fields.reduce((sum, field) => {
    const [minutes = "", seconds = ""] = field.replace("s", "").split("m");
    return sum + Number(minutes) * 60 + Number(seconds);
  }, 0);
}

/** @param {readonly string[]} server @param {(seconds: number) => Client} client @returns {Promise<Running>} */
async function serve(server, client) {
  const program = startProgram(server);
  await Promise.race([pause(SETTLE_MS), program.ended]);
  const measure = async (/** @type {number} */ seconds) => {
    const before = familyCpuSeconds(program.pid);
    const { command, rateIn } = client(seconds);
    const output = await runProgram(["sh", "-c", '"$@"; times', "sh", ...command]);
    const cpuSeconds = familyCpuSeconds(program.pid) - before + cpuOfClient(output);
    return { rate: rateIn(output), cpuSeconds };
  };
  return { measure, stop: () => stopProgram(program) };
}

/** @param {string} directory */
function startWeb(directory) {
  const file = path.join(directory, "nginx.conf");
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  writeFileSync(
    file,
    `worker_processes 2;
daemon off;
pid ${directory}/nginx.pid;
error_log ${directory}/nginx.log;
events { worker_connections 4096; }
http {
  access_log off;
  keepalive_timeout 0;
  ${temporary.map((name) => `${name}_temp_path ${directory}/${name};`).join(" ")}
  server { listen ${WEB.host}:${WEB.port} backlog=4096 reuseport; location / { return 200 "hello\\n"; } }
}
`,
  );
  const url = `http://${WEB.host}:${WEB.port}/`;
  return serve(["nginx", "-e", `${directory}/nginx.log`, "-c", file], (seconds) => ({
    command: ["wrk", "-t2", "-c64", `-d${seconds}s`, "-H", "Connection: close", url],
    rateIn: (output) => numberIn(output, /Requests\/sec:\s+([\d.]+)/),
  }));
}

function startStream() {
  const address = ["-p", `${STREAM.port}`];
  return serve(["iperf3", "-s", "-B", STREAM.host, ...address], (seconds) => ({
    command: ["iperf3", "-c", STREAM.host, ...address, "-t", `${seconds}`, "-J"],
    rateIn: (output) => JSON.parse(output.slice(0, output.lastIndexOf("}") + 1)).end.sum_received.bits_per_second,
  }));
}

function startDatagrams() {
  const address = ["-i", DATAGRAMS.host, "-p", `${DATAGRAMS.port}`];
  return serve(["sockperf", "server", ...address], (seconds) => ({
    command: ["sockperf", "throughput", ...address, "-m", "64", "-t", `${seconds}`],
    rateIn: (output) => numberIn(output, /Message Rate is (\d+)/),
  }));
}

/** @param {string} directory */
function startResolver(directory) {
  const config = path.join(directory, "unbound.conf");
  const queries = path.join(directory, "queries");
  writeFileSync(
    config,
    `server:
  interface: ${RESOLVER.host}@${RESOLVER.port}
  access-control: 127.0.0.0/8 allow
  username: ""
  chroot: ""
  directory: "${directory}"
  pidfile: ""
  use-syslog: no
  num-threads: 1
  module-config: "iterator"
  local-zone: "bench.test." redirect
  local-data: "bench.test. 300 A 192.0.2.1"
remote-control:
  control-enable: no
`,
  );
  writeFileSync(queries, Array.from({ length: DNS_NAMES }, (_, i) => `name${i}.bench.test A\n`).join(""));
  const address = ["-s", RESOLVER.host, "-p", `${RESOLVER.port}`];
  return serve(["unbound", "-d", "-c", config], (seconds) => ({
    command: ["dnsperf", ...address, "-d", queries, "-l", `${seconds}`, "-c", "8", "-T", "1"],
    rateIn: (output) => numberIn(output, /Queries per second:\s+([\d.]+)/),
  }));
}

/** @type {readonly Workload[]} */
export const WORKLOADS = [
  {
    id: "connections",
    title: "nginx and wrk, a connection a request",
    unit: "requests/s",
    bar: 0.9,
    programs: ["nginx", "wrk"],
    start: startWeb,
  },
  { id: "stream", title: "iperf3", unit: "bits/s", bar: 0.98, programs: ["iperf3"], start: startStream },
  {
    id: "datagrams",
    title: "sockperf, datagrams of 64 bytes",
    unit: "datagrams/s",
    bar: 0.95,
    programs: ["sockperf"],
    start: startDatagrams,
  },
  {
    id: "dns",
    title: "unbound and dnsperf",
    unit: "queries/s",
    bar: 0.93,
    programs: ["unbound", "dnsperf"],
    start: startResolver,
  },
];
