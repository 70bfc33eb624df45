import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Graph, ProgramNode } from "../../../src/core/graph/graph.ts";
import type { ContainerName } from "../../../src/core/model/process-context.ts";
import { createContainerNamer } from "../../../src/engine/container-namer.ts";
import {
  askDocker,
  containerPlacesOf,
  parseDockerAnswer,
  readContainerNames,
} from "../../../src/engine/container-names.ts";
import { program } from "../renderer/made.ts";
import { temporaryFolders } from "./temporary-folder.ts";

const folder = temporaryFolders();
const ID = "3f4e8a1b".repeat(8);

describe("container names", () => {
  it("are not waited for where a socket answers a byte at a time", async () => {
    const socket = join(folder(), "docker.sock");
    const server = createServer((_, response) => {
      const drip = setInterval(() => response.write(" "), 10);
      response.on("close", () => clearInterval(drip));
    });
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    expect(await askDocker(socket, 100)).toBe("");
    server.close();
  });

  it("come from the user's own Podman, from Docker's socket and from Kubernetes' logs", async () => {
    const dir = folder();
    const list = join(dir, "containers.json");
    writeFileSync(list, JSON.stringify([{ id: ID, names: ["db"] }]));
    mkdirSync(join(dir, "logs"));
    writeFileSync(join(dir, "logs", `web-0_shop_nginx-${ID}.log`), "");
    writeFileSync(join(dir, "logs", "other.log"), "");
    const socket = join(dir, "docker.sock");
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url);
      response.end(JSON.stringify([{ Id: ID, Names: ["/web-db"], Image: "postgres:16" }]));
    });
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    const names = await readContainerNames({
      podmanLists: [{ path: list, ownerUid: 1000 }],
      dockerSockets: [
        { path: socket, ownerUid: null },
        { path: join(dir, "none.sock"), ownerUid: 1000 },
      ],
      kubernetesLogDir: join(dir, "logs"),
    });
    server.close();
    expect(asked).toEqual(["/containers/json"]);
    expect(names).toEqual([
      { id: ID, ownerUid: 1000, name: "db", image: null },
      { id: ID, ownerUid: null, name: "web-db", image: "postgres:16" },
      { id: ID, ownerUid: null, name: "shop/web-0/nginx", image: null },
    ]);
  });

  it("are none where nothing is there", async () => {
    expect(await readContainerNames(containerPlacesOf(4242, {}, join(folder(), "home")))).toEqual([]);
  });

  it("are believed of Docker only where they could be names", () => {
    const entry = { Id: ID, Names: ["/a b"], Image: "x\u001b" };
    expect(parseDockerAnswer(JSON.stringify([entry, { Id: "x" }, 7]), null)).toEqual([
      { id: ID, ownerUid: null, name: null, image: null },
    ]);
    for (const text of ["", "{", "{}", "null"]) expect(parseDockerAnswer(text, null)).toEqual([]);
  });

  it("are root's in the system's places, and each user's in theirs", () => {
    const root = containerPlacesOf(0, {});
    expect(root.podmanLists[0]).toEqual({
      path: "/var/lib/containers/storage/overlay-containers/containers.json",
      ownerUid: null,
    });
    const user = containerPlacesOf(1000, { DOCKER_HOST: "tcp://evil.example:2375" }, "/home/a");
    expect(user.podmanLists[0]?.path).toBe(
      "/home/a/.local/share/containers/storage/overlay-containers/containers.json",
    );
    expect(user.dockerSockets.map(({ path }) => path)).toEqual(["/run/docker.sock", "/run/user/1000/docker.sock"]);
  });

  it.each(["", "share", "./share"])("are not below the directory we were started in: XDG_DATA_HOME=%j", (told) => {
    const [list] = containerPlacesOf(1000, { XDG_DATA_HOME: told }, "/home/a").podmanLists;
    expect(list?.path.startsWith("/home/a/.local/share/containers/")).toBe(true);
  });
});

describe("the container namer", () => {
  function namerOf(nodes: readonly ProgramNode[]) {
    const graph: Graph = { nodes: new Map(nodes.map((node) => [node.id, node])), edges: new Map() };
    const named: (readonly ContainerName[])[] = [];
    const session = { graph: () => graph, nameContainers: (names: readonly ContainerName[]) => void named.push(names) };
    const clock = { nowMs: 0, reads: 0 };
    const read = async (): Promise<readonly ContainerName[]> => {
      clock.reads += 1;
      return [{ id: ID, ownerUid: null, name: "db", image: null }];
    };
    const namer = createContainerNamer(read, () => clock.nowMs);
    const lookAt = async (nowMs: number): Promise<void> => {
      clock.nowMs = nowMs;
      namer.look(session);
      await new Promise((resolve) => setImmediate(resolve));
    };
    return { lookAt, named, clock };
  }
  const container = { runtime: "docker", id: ID, podId: null, ownerUid: null, name: null, image: null } as const;

  it("looks for a name every three seconds, five times in all", async () => {
    const { lookAt, named, clock } = namerOf([program("postgres", { container })]);
    for (const second of [0, 1, 3, 6, 9, 12, 15, 18]) await lookAt(second * 1000);
    expect(clock.reads).toBe(5);
    expect(named[0]).toEqual([{ id: ID, ownerUid: null, name: "db", image: null }]);
  });

  it("reads nothing where every container has a name, or none was seen", async () => {
    const { lookAt, clock } = namerOf([
      program("postgres", { container: { ...container, name: "db" } }),
      program("curl"),
    ]);
    await lookAt(0);
    expect(clock.reads).toBe(0);
  });
});
