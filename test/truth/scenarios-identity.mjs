// @ts-check
/** Scenarios of what a program is beyond its executable: unit, container, application, script, replaced file. */
import { copyFileSync, existsSync, mkdirSync, realpathSync, unlinkSync } from "node:fs";
import path from "node:path";
import { makeCgroup } from "./cgroups.mjs";
import { identity, toldFlows } from "./expect.mjs";
import { SERVER_ADDRESS } from "./network.mjs";
import { podmanCommand } from "./podman.mjs";
import { programPath, repoDir } from "./programs.mjs";
import { EXCHANGE, listening, serverFor, Unavailable } from "./scenario.mjs";

/** @typedef {import("./world.mjs").World} World */
/** @typedef {import("./judge.mjs").ExpectedIdentity} ExpectedIdentity */

/** 64 digits, and another run's are others. */
const CONTAINER_ID = process.pid.toString(16).padStart(8, "0").repeat(8);

/**
 * One client in a cgroup against one server.
 * @param {World} world @param {string} name @param {number} port @param {string} cgroup @param {ExpectedIdentity} wanted
 */
async function inCgroup(world, name, port, cgroup, wanted) {
  const made = makeCgroup(cgroup);
  try {
    const server = await serverFor(world, name, SERVER_ADDRESS, port);
    const argv = [programPath("traffic", name), `tcp=${SERVER_ADDRESS},${port}`, ...EXCHANGE];
    const inside = made.enter(argv);
    const client = world.server(world.machine?.enter(inside) ?? inside, "client", process.env, argv);
    await Promise.all([client.succeeded(), server.succeeded()]);
    return toldFlows(client, { process: { ...identity(client), identity: wanted } });
  } finally {
    made.remove();
  }
}

/** The system's own: others are scripts that find one, or cannot be copied. */
function python() {
  const file = "/usr/bin/python3";
  if (!existsSync(file)) throw new Unavailable(`${file} is not there`);
  return realpathSync(file);
}

const NOWHERE = { unit: null, container: null, bundle: null };

/** @type {import("./scenario.mjs").Scenario[]} */
export const identityScenarios = [
  {
    id: "I1",
    title: "in a scope of systemd, its name escaped",
    run: (world) => {
      const name = `app-truth\\x2dclient-${process.pid}.scope`;
      const unit = { name: `app-truth-client-${process.pid}.scope`, kind: "scope", ownerUid: null };
      return inCgroup(world, "i1-scope", 7301, `telltale.slice/${name}`, { ...NOWHERE, unit });
    },
  },
  {
    id: "I1b",
    title: "in a user's Flatpak scope",
    run: (world) => {
      const scope = `app-flatpak-org.truth.Client-${process.pid}.scope`;
      const cgroup = `user.slice/user-4242.slice/user@4242.service/app.slice/${scope}`;
      const unit = { name: scope, kind: "scope", ownerUid: 4242 };
      const bundle = { kind: "flatpak", id: "org.truth.Client" };
      return inCgroup(world, "i1b-flatpak", 7302, cgroup, { unit, container: null, bundle });
    },
  },
  {
    id: "I2",
    title: "in a cgroup as Podman names a container's",
    run: async (world) => {
      const container = { runtime: "podman", id: CONTAINER_ID, podId: null, ownerUid: null };
      const cgroup = `machine.slice/libpod-${CONTAINER_ID}.scope/container`;
      const flows = await inCgroup(world, "i2-podman", 7303, cgroup, { unit: null, container, bundle: null });
      return { flows, texts: [{ shows: `i2-podman in container ${CONTAINER_ID.slice(0, 12)}` }] };
    },
  },
  {
    id: "I2b",
    title: "in a container of real Podman",
    run: async (world) => {
      const name = "i2b-container";
      const { exe, argv, command, containerId, remove } = podmanCommand(world, name, [
        `tcp=${SERVER_ADDRESS},7304`,
        ...EXCHANGE,
      ]);
      try {
        const server = await serverFor(world, name, SERVER_ADDRESS, 7304);
        const podman = world.server(command, "client", process.env, ["podman"]);
        await Promise.all([podman.succeeded(), server.succeeded()]);
        const container = { runtime: "podman", id: containerId(), podId: null, ownerUid: null };
        const flows = toldFlows(podman, { process: { exe, argv, identity: { unit: null, container } } });
        return { flows, texts: [{ shows: `${name} in container ${containerId().slice(0, 12)}` }] };
      } finally {
        await remove();
      }
    },
  },
  {
    id: "I3",
    title: "a script behind python3",
    run: async (world) => {
      const server = await serverFor(world, "i3-script", SERVER_ADDRESS, 7305);
      const script = path.join(world.directory, "i3-fetch.py");
      copyFileSync(path.join(repoDir, "test/fixtures/programs/fetch-script.py"), script);
      const client = world.run([python(), script, SERVER_ADDRESS, "7305"]);
      await Promise.all([client.succeeded(), server.succeeded()]);
      return { flows: toldFlows(client), texts: [{ shows: "i3-fetch.py" }] };
    },
  },
  {
    id: "I4",
    title: "an application's helper of the same executable",
    run: async (world) => {
      const server = await serverFor(world, "i4-server", SERVER_ADDRESS, 7306);
      const directory = path.join(world.directory, "i4");
      mkdirSync(directory);
      const exe = path.join(directory, "i4-application");
      copyFileSync(python(), exe);
      const script = path.join(repoDir, "test/fixtures/programs/application.py");
      /* away from its place an interpreter must be told where its library is */
      const env = { ...process.env, PYTHONHOME: "/usr" };
      const application = world.run([exe, script, SERVER_ADDRESS, "7306"], "client", { env });
      await Promise.all([application.succeeded(), server.succeeded()]);
      const argv = [exe, script, "--type=utility", SERVER_ADDRESS, "7306"];
      const wanted = { ...NOWHERE, application: { pid: application.pid, exe } };
      const helper = { pid: application.lines[0]?.pid, exe, argv, parentPid: application.pid, identity: wanted };
      return { flows: toldFlows(application, { process: helper }), texts: [{ shows: "i4-application" }] };
    },
  },
  {
    id: "I5",
    title: "an executable deleted before we started",
    before: async (world) => {
      const server = world.traffic("i5-server", [`listen=${SERVER_ADDRESS},7307`, "serve=1,200,300"], "server");
      await listening(server);
      const exe = path.join(world.directory, "i5-deleted");
      copyFileSync(programPath("traffic"), exe);
      const client = world.run([exe, "ready", `tcp=${SERVER_ADDRESS},7307`, ...EXCHANGE]);
      await client.line((line) => line.ready === true);
      unlinkSync(exe);
      return { client, server };
    },
    run: async (_world, { client, server }) => {
      client.tell("go");
      await Promise.all([client.succeeded(), server.succeeded()]);
      return toldFlows(client, { process: { ...identity(client), identity: { isExeDeleted: true } } });
    },
  },
];
