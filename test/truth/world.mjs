// @ts-check
/** What all scenarios share: the network, the name servers, a directory, and ways to start programs under test. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { endAll, start } from "./children.mjs";
import { dnsmasqRecords, HOSTS_FILE_NAMES, UNLISTED_ADDRESSES } from "./hosts.mjs";
import { createNetwork, DNS_ADDRESS, SPLITTING_DNS_ADDRESS, untilBound } from "./network.mjs";
import { programPath, repoDir } from "./programs.mjs";
import { openRoom, resolverFiles } from "./room.mjs";

export const TLS_PORT = 8443;

/** @typedef {import("./children.mjs").Child} Child */
/** @typedef {import("./room.mjs").Room} Room */
/** @typedef {{ room?: Room | undefined, env?: NodeJS.ProcessEnv }} Where */
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
  const subject = ["-subj", "/CN=truth.example", "-days", "2"];
  const output = ["-keyout", key, "-out", certificate];
  const kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  execFileSync("openssl", ["req", ...kind, ...subject, ...output], { stdio: "ignore" });
}

/** /etc/hosts of the machine the scenarios play on. */
const HOSTS_FILE = [
  "127.0.0.1 localhost",
  ...Object.entries(HOSTS_FILE_NAMES).map(
    ([key, name]) => `${UNLISTED_ADDRESSES[/** @type {keyof typeof HOSTS_FILE_NAMES} */ (key)]} ${name}`,
  ),
  "",
].join("\n");

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

  /** The machine programs under test and Telltale itself live on. @type {Room | undefined} */
  machine;
  /** The same with a stub resolver. @type {Room | undefined} */
  behindStub;

  /** Starts the servers every scenario may use. */
  async open() {
    this.machine = await this.room("machine", { ...resolverFiles(DNS_ADDRESS), hosts: HOSTS_FILE });
    this.behindStub = await this.room("behind-stub", resolverFiles("127.0.0.53"));
    const records = this.hosts.map(([name, address]) => `--host-record=${name},${address}`);
    const own = dnsmasqRecords();
    /* five minutes, as is usual; without it every answer would be stale at once */
    const authority = this.server(
      dnsmasq("--no-resolv", "--local-ttl=300", `--listen-address=${DNS_ADDRESS}`, ...own, ...records),
    );
    const stub = this.server(
      dnsmasq("--no-resolv", "--listen-address=127.0.0.53", `--server=${DNS_ADDRESS}`),
      "client",
    );
    const splitter = this.server([
      process.execPath,
      path.join(repoDir, "test/fixtures/programs/dns-splitter.mjs"),
      SPLITTING_DNS_ADDRESS,
      DNS_ADDRESS,
    ]);
    makeCertificate(this.directory);
    this.tlsServer = this.startTlsServer(UNLISTED_ADDRESSES.N13, TLS_PORT);
    await Promise.all([
      untilBound(authority.pid, "udp", 53),
      untilBound(stub.pid, "udp", 53),
      splitter.line((line) => line.listening === true),
      this.tlsServer.line((line) => line.listening === true),
    ]);
  }

  /** A machine of its own, see room.mjs. @param {string} name @param {Readonly<Record<string, string>>} files */
  room(name, files) {
    return openRoom(path.join(this.directory, name), files);
  }

  /** Key and certificate any server may use. */
  certificateFiles() {
    return certificateFiles(this.directory);
  }

  /** @param {string} address @param {number} port */
  startTlsServer(address, port) {
    const script = path.join(repoDir, "test/fixtures/programs/tls-server.mjs");
    return this.server([process.execPath, script, address, String(port), ...this.certificateFiles()]);
  }

  /**
   * A program on the machine as it is: one that serves the scenarios.
   * @param {readonly string[]} command @param {"client" | "server"} [side] @param {NodeJS.ProcessEnv} [env]
   * @param {readonly string[]} [argv] of the program itself, where wrappers exec it
   */
  server(command, side = "server", env = process.env, argv = command) {
    const inside = side === "client" ? this.network.inClient : this.network.inServer;
    return this.#start(argv, inside(command), env);
  }

  /**
   * @param {readonly string[]} argv @param {readonly string[]} command @param {NodeJS.ProcessEnv} [env]
   * @returns {Program}
   */
  #start(argv, command, env = process.env) {
    const [file = ""] = argv;
    const exe = file.includes("/") ? realpathSync(file) : realpathSync(execFileSync("which", [file]).toString().trim());
    return Object.assign(start(command, { argv, env }), { exe, parentPid: process.pid });
  }

  /**
   * The traffic generator under a name of its own.
   * @param {string} name @param {readonly string[]} steps @param {"client" | "server" | "host"} [side] the namespace it lives in
   * @param {Where & { flavour?: import("./programs.mjs").Flavour }} [where]
   */
  traffic(name, steps, side = "client", where = {}) {
    if (this.stageDir !== undefined) return this.onStage(name, steps, side);
    return this.run([programPath("traffic", name, where.flavour), ...steps], side, where);
  }

  /**
   * A program of test/fixtures/programs under a name of its own.
   * @param {string} source @param {string} name @param {readonly string[]} steps @param {"client" | "server" | "host"} [side]
   */
  program(source, name, steps, side = "client") {
    return this.run([programPath(source, name), ...steps], side);
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

  /**
   * A program under test. On the client side it sees the /etc of a room.
   * @param {readonly string[]} command @param {"client" | "server" | "host"} [side]
   * @param {Where} [where] room: the scenarios' machine unless told
   * @returns {Program}
   */
  run(command, side = "client", where = {}) {
    if (side === "host") return this.#start(command, command);
    const room = where.room ?? (side === "client" ? this.machine : undefined);
    return this.server(room?.enter(command) ?? command, side, where.env, command);
  }

  /** The command that runs `command` on the scenarios' machine, in the same process. @param {readonly string[]} command */
  enterClient = (command) => this.network.inClient(this.machine?.enter(command) ?? command);

  /** Idempotent; also right after a failed `open`. */
  close() {
    endAll();
    this.network.destroy();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
