// @ts-check
/** What all scenarios share: the network, the name servers, a directory, and ways to start programs under test. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { endAll, start } from "./children.mjs";
import { createNetwork, DNS_ADDRESS, NAMED_ADDRESSES, SPLITTING_DNS_ADDRESS, untilBound } from "./network.mjs";
import { programPath, repoDir } from "./programs.mjs";

export const TLS_PORT = 8443;
const DOMAIN = "truth.example";

/** Host names of the scenarios, and where dnsmasq says they are. */
export const NAMES = {
  N1: `own.${DOMAIN}`,
  N2a: `first-of-two.${DOMAIN}`,
  N2b: `second-of-two.${DOMAIN}`,
  N4a: `early.cdn.${DOMAIN}`,
  N4b: `late.cdn.${DOMAIN}`,
  N5a: `for-one-program.${DOMAIN}`,
  N5b: `for-the-other.${DOMAIN}`,
  N9: `behind-a-stub.${DOMAIN}`,
  N20: `after-the-connect.${DOMAIN}`,
};

/** @type {readonly (readonly [string, string])[]} */
const RECORDS = [
  [NAMES.N1, NAMED_ADDRESSES.N1],
  [NAMES.N2a, NAMED_ADDRESSES.N2a],
  [NAMES.N2b, NAMED_ADDRESSES.N2b],
  [NAMES.N4a, NAMED_ADDRESSES.N4],
  [NAMES.N4b, NAMED_ADDRESSES.N4],
  [NAMES.N5a, NAMED_ADDRESSES.N5],
  [NAMES.N5b, NAMED_ADDRESSES.N5],
  [NAMES.N9, NAMED_ADDRESSES.N9],
  [NAMES.N20, NAMED_ADDRESSES.N20],
];

/** @typedef {import("./children.mjs").Child} Child */
/** @typedef {Child & { exe: string, parentPid: number }} Program a child with what Telltale should say of it */

/** @param {readonly string[]} options @returns {string[]} */
const dnsmasq = (...options) => [
  "dnsmasq",
  "--keep-in-foreground",
  "--conf-file=/dev/null",
  "--user=root",
  "--pid-file=",
  "--no-hosts",
  "--bind-interfaces",
  "--port=53",
  ...options,
];

/** @param {string} directory @returns {string[]} key and certificate */
const certificateFiles = (directory) => ["key.pem", "certificate.pem"].map((name) => path.join(directory, name));

/** @param {string} directory */
function makeCertificate(directory) {
  const [key = "", certificate = ""] = certificateFiles(directory);
  const subject = ["-subj", `/CN=${DOMAIN}`, "-days", "2"];
  const output = ["-keyout", key, "-out", certificate];
  const kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  execFileSync("openssl", ["req", ...kind, ...subject, ...output], { stdio: "ignore" });
}

/** Runs a command in a mount namespace of its own where each file of `mounts` lies over its path. */
const WITH_MOUNTS = 'while [ "$1" != -- ]; do mount --bind "$1" "$2"; shift 2; done; shift; exec "$@"';

const ON_STAGE =
  'mount -t tmpfs tmpfs "$1"; mkdir -p "$(dirname "$3")"; cp "$2" "$3"; echo $$ > "$4"; shift 4; exec "$@"';

export class World {
  /**
   * @param {readonly (readonly [name: string, address: string])[]} [hosts] names beyond the scenarios', and their servers
   * @param {string} [stageDir] programs seem to be installed below it; see `onStage`
   */
  constructor(hosts = [], stageDir = undefined) {
    this.hosts = hosts;
    this.stageDir = stageDir;
    this.network = createNetwork([...new Set(hosts.map(([, address]) => address))]);
  }

  directory = mkdtempSync(path.join(tmpdir(), "telltale-truth-"));
  recording = path.join(this.directory, "truth.ttrec");
  /** @type {Program | undefined} */
  tlsServer;

  /** Starts the servers every scenario may use. */
  async open() {
    const records = [...RECORDS, ...this.hosts].map(([name, address]) => `--host-record=${name},${address}`);
    const authority = this.#server(dnsmasq("--no-resolv", `--listen-address=${DNS_ADDRESS}`, ...records), "server");
    const stub = this.#server(
      dnsmasq("--no-resolv", "--listen-address=127.0.0.53", `--server=${DNS_ADDRESS}`),
      "client",
    );
    const splitter = this.#server(
      [
        process.execPath,
        path.join(repoDir, "test/fixtures/programs/dns-splitter.mjs"),
        SPLITTING_DNS_ADDRESS,
        DNS_ADDRESS,
      ],
      "server",
    );
    makeCertificate(this.directory);
    this.tlsServer = this.startTlsServer(NAMED_ADDRESSES.N13, TLS_PORT);
    await Promise.all([
      untilBound(authority.pid, "udp", 53),
      untilBound(stub.pid, "udp", 53),
      splitter.line((line) => line.listening === true),
      this.tlsServer.line((line) => line.listening === true),
    ]);
  }

  /** @param {string} address @param {number} port */
  startTlsServer(address, port) {
    const script = path.join(repoDir, "test/fixtures/programs/tls-server.mjs");
    const files = certificateFiles(this.directory);
    return this.#server([process.execPath, script, address, String(port), ...files], "server");
  }

  /** @param {readonly string[]} command @param {"client" | "server"} side */
  #server(command, side) {
    return this.#start(command, side === "client" ? this.network.inClient(command) : this.network.inServer(command));
  }

  /** @param {readonly string[]} argv @param {readonly string[]} command @returns {Program} */
  #start(argv, command) {
    const [file = ""] = argv;
    const exe = file.includes("/") ? realpathSync(file) : realpathSync(execFileSync("which", [file]).toString().trim());
    return Object.assign(start(command, { argv }), { exe, parentPid: process.pid });
  }

  /**
   * The traffic generator under a name of its own.
   * @param {string} name @param {readonly string[]} steps @param {"client" | "server" | "host"} [side] the namespace it lives in
   */
  traffic(name, steps, side = "client") {
    if (this.stageDir !== undefined) return this.onStage(name, steps, side);
    return this.run([programPath("traffic", name), ...steps], side);
  }

  /**
   * A program under a path that is not this machine's: on a tmpfs that only it sees.
   * @param {string} file below the stage @param {readonly string[]} steps its arguments
   * @param {"client" | "server" | "host"} [side] @param {{ source?: string, uid?: number, cgroup?: string }} [as] what it
   * really is, whose, and in which cgroup of the v2 hierarchy

   */
  onStage(file, steps, side = "client", as = {}) {
    const source = as.source ?? programPath("traffic");
    const user = as.uid === undefined ? [] : ["setpriv", `--reuid=${as.uid}`, `--regid=${as.uid}`, "--clear-groups"];
    const stageDir = this.stageDir ?? "";
    const target = path.join(stageDir, file);
    const wrapped = ["unshare", "--mount", "sh", "-e", "-c", ON_STAGE, "sh", stageDir, source, target];
    wrapped.push(as.cgroup === undefined ? "/dev/null" : path.join(as.cgroup, "cgroup.procs"), ...user, target);
    const inside = { client: this.network.inClient, server: this.network.inServer, host: undefined }[side];
    const command = [...wrapped, ...steps];
    const child = start(inside?.(command) ?? command, { argv: [target, ...steps] });
    return Object.assign(child, { exe: target, parentPid: process.pid });
  }

  /** @param {readonly string[]} command @param {"client" | "server" | "host"} [side] @returns {Program} */
  run(command, side = "client") {
    if (side === "host") return this.#start(command, command);
    return this.#server(command, side);
  }

  /**
   * Steps of the traffic generator on a machine whose resolver is a stub on 127.0.0.53.
   * @param {string} name @param {readonly string[]} steps
   */
  trafficBehindStub(name, steps) {
    const argv = [programPath("traffic", name), ...steps];
    const files = { "/etc/resolv.conf": "nameserver 127.0.0.53\n", "/etc/nsswitch.conf": "hosts: files dns\n" };
    const mounts = Object.entries(files).flatMap(([target, text]) => {
      if (!existsSync(target)) return [];
      const file = path.join(this.directory, path.basename(target));
      writeFileSync(file, text);
      return [file, target];
    });
    const wrapped = ["unshare", "--mount", "sh", "-e", "-c", WITH_MOUNTS, "sh", ...mounts, "--", ...argv];
    return this.#start(argv, this.network.inClient(wrapped));
  }

  /** Idempotent; also right after a failed `open`. */
  close() {
    endAll();
    this.network.destroy();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
