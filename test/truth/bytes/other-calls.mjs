// @ts-check
/** The same connections and datagrams made by other calls, in other places, or under other names. */
import { mkdirSync, readFileSync, realpathSync, rmdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { flow, identity, toldFlows } from "../expect.mjs";
import { CLIENT_ADDRESS, SERVER_ADDRESS } from "../network.mjs";
import { programPath } from "../programs.mjs";
import { done, listening } from "../scenario.mjs";

/** @typedef {import("../world.mjs").World} World */
/** @typedef {import("../world.mjs").Program} Program */
/** @typedef {import("../judge.mjs").ExpectedFlow} ExpectedFlow */

/** Of the site's own (RFC 2365), so that nothing else speaks there. */
const GROUP = "239.77.0.37";

/**
 * A client of other-calls.c against one connection of a server.
 * @param {World} world @param {string} name @param {string} step @param {number} port
 * @param {{ toServer: number, toClient: number, count?: number }} plan
 */
async function overTcp(world, name, step, port, { toServer, toClient, count = 1 }) {
  const serve = [`listen=${SERVER_ADDRESS},${port}`, `serve=${count},${toServer},${toClient}`];
  const server = world.traffic(`${name}-server`, serve, "server");
  await listening(server);
  const many = count === 1 ? "" : `${count},`;
  const client = world.program("other-calls", name, [
    `${step}=${SERVER_ADDRESS},${port},${many}${toServer},${toClient}`,
  ]);
  await done(client);
  await server.succeeded();
  return toldFlows(client);
}

/** @param {World} world @param {string} name @param {(address: string) => Program} client @param {number} port @param {string} echo COUNT,SIZE */
async function overUdp(world, name, client, port, echo) {
  const server = world.traffic(`${name}-server`, [`echo=${SERVER_ADDRESS},${port},${echo}`], "server");
  await listening(server);
  const program = client(`${SERVER_ADDRESS},${port}`);
  await done(program, server);
  const count = Number(echo.split(",")[0]);
  return toldFlows(program, { transport: "udp", packetsSent: count, packetsReceived: count });
}

/** @returns {string} where the cgroup v2 hierarchy is mounted */
function cgroupMount() {
  const mount = readFileSync("/proc/self/mounts", "utf8")
    .split("\n")
    .find((line) => line.split(" ")[2] === "cgroup2");
  if (mount === undefined) throw new Error("no cgroup v2 hierarchy is mounted");
  return mount.split(" ")[1] ?? "";
}

/** A cgroup as Docker names them. @param {(cgroup: string, directory: string) => Promise<ExpectedFlow[]>} play */
async function inContainer(play) {
  const mount = cgroupMount();
  const id = "7e11".repeat(16);
  const cgroup = `/telltale-truth-${process.pid}/docker-${id}.scope`;
  const directory = path.join(mount, cgroup);
  mkdirSync(directory, { recursive: true });
  try {
    return await play(cgroup, directory);
  } finally {
    rmdirSync(directory);
    rmdirSync(path.dirname(directory));
  }
}

/**
 * A script that connects to the server, gives 200 bytes and takes `received`.
 * @param {World} world @param {string} name @param {string} interpreter @param {string} body @param {number} port @param {number} received
 */
async function script(world, name, interpreter, body, port, received) {
  const server = world.traffic(
    `${name}-server`,
    [`listen=${SERVER_ADDRESS},${port}`, `serve=1,200,${received}`],
    "server",
  );
  await listening(server);
  const file = path.join(world.directory, name);
  writeFileSync(file, `#!${interpreter}\n${body}`, { mode: 0o755 });
  const program = world.run([file, String(port)]);
  await Promise.all([program.succeeded(), server.succeeded()]);
  const process = { ...identity(program), exe: realpathSync(interpreter), argv: [interpreter, file, String(port)] };
  const remote = { address: SERVER_ADDRESS, port };
  return { ...flow(program, { remote, sent: 200, received }), process };
}

const PYTHON = `import socket, sys
c = socket.create_connection(("${SERVER_ADDRESS}", int(sys.argv[1])))
c.sendall(bytes(200))
left = 300
while left > 0:
    left -= len(c.recv(left))
`;
const BASH = `exec 3<>"/dev/tcp/${SERVER_ADDRESS}/$1"
printf '%200s' '' >&3
exec 3>&-
`;

/** @type {import("../scenario.mjs").Scenario[]} */
export const otherCallScenarios = [
  {
    id: "6",
    title: "UDP/443 bulk",
    run: (world) =>
      overUdp(
        world,
        "06-bulk",
        (to) => world.traffic("06-bulk", [`udp=${to}`, "volley=2000,1350", "close"]),
        443,
        "2000,1350",
      ),
  },
  {
    id: "9",
    title: "many small UDP/53 datagrams",
    run: (world) =>
      overUdp(
        world,
        "09-small",
        (to) => world.traffic("09-small", [`udp=${to}`, "volley=1000,30", "close"]),
        53,
        "1000,40",
      ),
  },
  {
    id: "13",
    title: "io_uring send",
    run: (world) => overTcp(world, "13-uring-send", "uring", 7013, { toServer: 1_500_000, toClient: 100 }),
  },
  {
    id: "14",
    title: "sendfile",
    run: (world) => overTcp(world, "14-sendfile", "sendfile", 7014, { toServer: 2_000_000, toClient: 100 }),
  },
  {
    id: "15",
    title: "sendmmsg",
    run: (world) =>
      overUdp(
        world,
        "15-sendmmsg",
        (to) => world.program("other-calls", "15-sendmmsg", [`sendmmsg=${to},400,900`]),
        7015,
        "400,300",
      ),
  },
  {
    id: "17",
    title: "from inside a container-like cgroup and network namespace",
    run: (world) =>
      inContainer(async (cgroup, directory) => {
        const server = world.traffic(
          "17-container-server",
          [`listen=${SERVER_ADDRESS},7017`, "serve=1,20000,30000"],
          "server",
        );
        await listening(server);
        const argv = [
          programPath("traffic", "17-container"),
          `tcp=${SERVER_ADDRESS},7017`,
          "send=20000",
          "receive=30000",
          "close",
        ];
        const enter = ["sh", "-c", 'echo $$ > "$0/cgroup.procs"; exec "$@"', directory, ...argv];
        const client = world.server(enter, "client", process.env, argv);
        await Promise.all([client.succeeded(), server.succeeded()]);
        return toldFlows(client).map((told) => ({ ...told, process: { ...told.process, cgroup } }));
      }),
  },
  {
    id: "21",
    title: "io_uring recv",
    run: (world) => overTcp(world, "21-uring-recv", "uring", 7021, { toServer: 100, toClient: 1_500_000 }),
  },
  {
    id: "22",
    title: "splice",
    run: (world) => overTcp(world, "22-splice", "splice", 7022, { toServer: 1_000_000, toClient: 100 }),
  },
  {
    id: "23",
    title: "recvmmsg",
    run: (world) =>
      overUdp(
        world,
        "23-recvmmsg",
        (to) => world.program("other-calls", "23-recvmmsg", [`recvmmsg=${to},400,300`]),
        7023,
        "400,900",
      ),
  },
  {
    id: "30",
    title: "TCP Fast Open via sendto",
    run: (world) => overTcp(world, "30-fastopen", "fastopen", 7030, { toServer: 5000, toClient: 7000 }),
  },
  {
    id: "31",
    title: "threads with another name",
    run: (world) => overTcp(world, "31-threads", "threads", 7031, { toServer: 3000, toClient: 4000, count: 4 }),
  },
  {
    id: "32",
    title: "interpreter scripts, named by script",
    run: async (world) => {
      const flows = [
        await script(world, "32-script.py", "/usr/bin/python3", PYTHON, 7032, 300),
        await script(world, "32-script.bash", "/bin/bash", BASH, 7132, 0),
      ];
      return { flows, texts: [{ shows: ">32-script.py<" }, { shows: ">32-script.bash<" }] };
    },
  },
  {
    id: "35",
    title: "IPv4-mapped IPv6",
    run: async (world) => {
      const server = world.traffic(
        "35-mapped-server",
        [`listen=${SERVER_ADDRESS},7035`, "serve=1,20000,30000"],
        "server",
      );
      await listening(server);
      const to = `tcp=::ffff:${SERVER_ADDRESS},7035`;
      const client = world.traffic("35-mapped", [to, "send=20000", "receive=30000", "close"]);
      await Promise.all([client.succeeded(), server.succeeded()]);
      const local = { address: CLIENT_ADDRESS, port: client.lines[0]?.local.port };
      return toldFlows(client, { local, remote: { address: SERVER_ADDRESS, port: 7035 } });
    },
  },
  {
    id: "36",
    title: "MPTCP",
    run: (world) => overTcp(world, "36-mptcp", "mptcp", 7036, { toServer: 40_000, toClient: 60_000 }),
  },
  {
    id: "37",
    title: "multicast",
    run: async (world) => {
      const hearer = world.program("other-calls", "37-multicast-server", [`hear=${GROUP},7037,20`], "server");
      await listening(hearer);
      const speaker = world.program("other-calls", "37-multicast", [`multicast=${GROUP},7037,20,400`]);
      await Promise.all([speaker.succeeded(), hearer.succeeded()]);
      const facts = /** @type {const} */ ({ transport: "udp", packetsSent: 20, packetsReceived: 0 });
      const [told] = toldFlows(speaker, facts);
      if (told === undefined) throw new Error("the speaker told nothing");
      const heard = flow(hearer, {
        ...facts,
        direction: "inbound",
        remote: told.local ?? told.remote,
        received: 8000,
        packetsSent: 0,
        packetsReceived: 20,
      });
      return [told, heard];
    },
  },
];
