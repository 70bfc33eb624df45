// @ts-check
/**
 * Makes the recordings kept in the repository anew, from real traffic of test
 * programs: the demo (resources/demo) and the fixture of the replay tests.
 * Root only. Then look at `telltale replay` of both before committing them.
 *
 * node test/truth/make-recordings.mjs [demo] [fixture]
 */
import { mkdirSync, readFileSync, rmdirSync } from "node:fs";
import path from "node:path";
import { startRecording } from "./capture.mjs";
import { pause } from "./children.mjs";
import { DNS_ADDRESS } from "./network.mjs";
import { repoDir } from "./programs.mjs";
import { byteScenarios } from "./scenarios-bytes.mjs";
import { nameScenarios } from "./scenarios-names.mjs";
import { scrubRecording } from "./scrub-recording.mjs";
import { World } from "./world.mjs";

/** Where the demo's programs seem to be installed: a tmpfs that only they see. */
const STAGE = "/opt";

/**
 * Addresses are of the documentation networks (RFC 5737): the names are real,
 * the servers are ours, in a network namespace.
 * @type {readonly { program: string, name: string, address: string, send: number, receive: number, times: number }[]}
 */
const DEMO = [
  {
    program: "mongodb/bin/mongod",
    name: "api.segment.io",
    address: "198.51.100.10",
    send: 1800,
    receive: 420,
    times: 4,
  },
  {
    program: "mongodb/bin/mongod",
    name: "downloads.mongodb.org",
    address: "198.51.100.11",
    send: 300,
    receive: 9000,
    times: 1,
  },
  {
    program: "editor/editor",
    name: "marketplace.visualstudio.com",
    address: "198.51.100.20",
    send: 900,
    receive: 52_000,
    times: 2,
  },
  {
    program: "editor/editor",
    name: "mobile.events.data.microsoft.com",
    address: "198.51.100.21",
    send: 4200,
    receive: 300,
    times: 3,
  },
  { program: "git/bin/git", name: "github.com", address: "203.0.113.10", send: 2600, receive: 310_000, times: 2 },
  {
    program: "apt/bin/fetch",
    name: "archive.example.org",
    address: "203.0.113.20",
    send: 700,
    receive: 820_000,
    times: 2,
  },
  {
    program: "mail/bin/mail",
    name: "imap.example.org",
    address: "203.0.113.30",
    send: 1200,
    receive: 24_000,
    times: 2,
  },
  {
    program: "chat/chat",
    name: "o1158394.ingest.sentry.io",
    address: "203.0.113.40",
    send: 5100,
    receive: 240,
    times: 2,
  },
  {
    program: "chat/chat",
    name: "gateway.chat.example",
    address: "203.0.113.41",
    send: 9000,
    receive: 31_000,
    times: 1,
  },
  {
    program: "backup/bin/backup",
    name: "storage.example.net",
    address: "192.0.2.50",
    send: 640_000,
    receive: 900,
    times: 1,
  },
];

const APP_SLICE = "/user.slice/user-1000.slice/user@1000.service/app.slice";
/** Where systemd would have put the demo's programs. @type {Readonly<Record<string, string>>} */
const CGROUPS = {
  "mongodb/bin/mongod": "/system.slice/mongod.service",
  "editor/editor": `${APP_SLICE}/app-editor-4021.scope`,
  "git/bin/git": `${APP_SLICE}/vte-spawn-7f6a.scope`,
  "apt/bin/fetch": "/system.slice/apt-daily.service",
  "mail/bin/mail": `${APP_SLICE}/app-mail-4102.scope`,
  "chat/chat": `${APP_SLICE}/app-flatpak-chat-4388.scope`,
  "backup/bin/backup": `${APP_SLICE}/backup.service`,
  "sync/bin/sync-client": `${APP_SLICE}/app-sync-4501.scope`,
};

/** Makes them for the time of the recording. @returns {{ fileOf: (program: string) => string, remove: () => void }} */
function makeCgroups() {
  const mount = readFileSync("/proc/self/mounts", "utf8")
    .split("\n")
    .find((line) => line.split(" ")[2] === "cgroup2")
    ?.split(" ")[1];
  if (mount === undefined) throw new Error("no cgroup v2 hierarchy is mounted");
  const made = Object.values(CGROUPS).flatMap((cgroup) => {
    const first = mkdirSync(path.join(mount, cgroup), { recursive: true });
    return first === undefined ? [] : [{ first, leaf: path.join(mount, cgroup) }];
  });
  const remove = () => {
    for (const { first, leaf } of made.reverse()) {
      for (let at = leaf; at.startsWith(first); at = path.dirname(at)) rmdirSync(at);
    }
  };
  return { fileOf: (program) => path.join(mount, CGROUPS[program] ?? "/"), remove };
}

/** One program whose name comes from its own ClientHello: `openssl s_client` under another name. */
const TLS_DEMO = { program: "sync/bin/sync-client", name: "sync.example.com", address: "192.0.2.60" };
const DESKTOP_UID = 1000;

/** @param {World} world @param {string} cgroup */
async function syncByTls(world, cgroup) {
  const server = world.startTlsServer(TLS_DEMO.address, 443);
  await server.line((line) => line.listening === true);
  const connection = ["s_client", "-connect", `${TLS_DEMO.address}:443`, "-servername", TLS_DEMO.name, "-quiet"];
  for (let time = 0; time < 3; time++) {
    const source = "/usr/bin/openssl";
    const client = world.onStage(TLS_DEMO.program, connection, "client", { source, uid: DESKTOP_UID, cgroup });
    await pause(1500);
    client.tell("GET / HTTP/1.0\r\n\r");
    await client.succeeded();
  }
}

/** @param {World} world @param {(program: string) => string} cgroupOf */
async function playDemo(world, cgroupOf) {
  const servers = DEMO.map(({ address, send, receive, times }) =>
    world.traffic("demo-server", [`listen=${address},443`, `serve=${times},${send},${receive}`], "server"),
  );
  await Promise.all(servers.map((server) => server.line((line) => line.listening === true)));
  const programs = [...new Set(DEMO.map(({ program }) => program))];
  const clients = programs.map((program, index) => {
    const steps = DEMO.filter((contact) => contact.program === program).flatMap(({ name, send, receive, times }) => {
      const exchange = ["tcp=answer,443", `send=${send}`, `receive=${receive}`, `pause=${700 + 110 * index}`, "close"];
      return [`ask=${name},${DNS_ADDRESS}`, ...Array.from({ length: times }, () => exchange).flat()];
    });
    return world.onStage(program, [`pause=${600 * index}`, ...steps], "client", {
      uid: DESKTOP_UID,
      cgroup: cgroupOf(program),
    });
  });
  await syncByTls(world, cgroupOf(TLS_DEMO.program));
  await Promise.all([...clients, ...servers].map((program) => program.succeeded()));
  return [...programs, TLS_DEMO.program].map((program) => path.basename(program));
}

/** @param {World} world */
async function playFixture(world) {
  const wanted = new Set(["4", "11", "26", "27", "N1", "N2", "N4", "N5", "N13", "N20"]);
  const scenarios = [...byteScenarios, ...nameScenarios].filter(({ id }) => wanted.has(id));
  const truths = await Promise.all(scenarios.map((scenario) => scenario.run(world, undefined)));
  const expected = truths.flatMap((truth) => ("flows" in truth ? truth.flows : truth));
  return [...new Set(expected.map(({ process: { exe } }) => path.basename(exe ?? "")))].filter(
    (name) => name !== "node" && name !== "",
  );
}

/**
 * @param {string} target @param {readonly (readonly [string, string])[]} hosts
 * @param {(world: World) => Promise<readonly string[]>} play
 * @param {readonly string[]} [cgroups]
 */
async function make(target, hosts, play, cgroups = []) {
  const world = new World(hosts, STAGE);
  try {
    await world.open();
    const recording = await startRecording(world.recording, world.machine);
    const names = await play(world);
    await pause(1200); // the helper tells its numbers once a second
    await recording.stop();
    mkdirSync(path.dirname(target), { recursive: true });
    console.log(`${path.relative(repoDir, target)}: ${scrubRecording(world.recording, target, names, cgroups)} bytes`);
  } finally {
    world.close();
  }
}

const which = process.argv.slice(2);
const isWanted = (/** @type {string} */ name) => which.length === 0 || which.includes(name);
if (isWanted("demo")) {
  const hosts = [...DEMO, TLS_DEMO].map(({ name, address }) => /** @type {const} */ ([name, address]));
  const { fileOf, remove } = makeCgroups();
  try {
    const target = path.join(repoDir, "resources/demo/mongod.telltale");
    await make(target, hosts, (world) => playDemo(world, fileOf), Object.values(CGROUPS));
  } finally {
    remove();
  }
}
if (isWanted("fixture")) {
  await make(path.join(repoDir, "test/fixtures/recordings/names-and-bytes.telltale"), [], playFixture);
}
