/**
 * Names of containers, from what the user may read: Podman's list of their
 * own, Docker's socket where they are allowed to use it (unix sockets at fixed
 * places only, whatever DOCKER_HOST says), and the links Kubernetes makes for
 * container logs.
 */
import { constants, readdir } from "node:fs/promises";
import { request } from "node:http";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import type { ContainerName } from "../core/model/process-context.ts";
import {
  containerNameOf,
  fieldsOf,
  imageNameOf,
  parseContainerList,
  parseJson,
} from "../core/protocol/podman/parse-container-list.ts";
import { isThere } from "./is-there.ts";
import { readSmallFile } from "./read-small-file.ts";

export interface ContainerPlaces {
  readonly podmanLists: readonly { readonly path: string; readonly ownerUid: number | null }[];
  readonly dockerSockets: readonly { readonly path: string; readonly ownerUid: number | null }[];
  readonly kubernetesLogDir: string;
}

const STORAGE = "overlay-containers/containers.json";
const VOLATILE = "overlay-containers/volatile-containers.json";
const MAX_LIST_BYTES = 4 * 1024 * 1024;
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
const MAX_LOG_LINKS = 4096;
/** A local daemon; when it is busy, names come with the next look. */
const LIMIT_MS = 2000;
/** However slowly it goes on: whoever answers at a user's socket may be anybody of that user. */
const LIMIT_OF_ALL_MS = 10_000;

/** Root's own lists are the system's. */
export function containerPlacesOf(uid: number, env: NodeJS.ProcessEnv, homeDir = homedir()): ContainerPlaces {
  const ownerUid = uid === 0 ? null : uid;
  const told = env.XDG_DATA_HOME ?? "";
  // The specification has relative ones ignored: they would mean whatever directory we were started in.
  const dataDir = isAbsolute(told) ? told : join(homeDir, ".local/share");
  const storageDir = uid === 0 ? "/var/lib/containers/storage" : join(dataDir, "containers/storage");
  const runDir = uid === 0 ? "/run/containers/storage" : `/run/user/${uid}/containers`;
  return {
    podmanLists: [join(storageDir, STORAGE), join(runDir, VOLATILE)].map((path) => ({ path, ownerUid })),
    dockerSockets: [
      { path: "/run/docker.sock", ownerUid: null },
      ...(uid === 0 ? [] : [{ path: `/run/user/${uid}/docker.sock`, ownerUid: uid }]),
    ],
    kubernetesLogDir: "/var/log/containers",
  };
}

async function fromPodman({ podmanLists }: ContainerPlaces): Promise<readonly ContainerName[]> {
  const lists = await Promise.all(
    podmanLists.map(async ({ path, ownerUid }) => {
      const bytes = await readSmallFile(path, MAX_LIST_BYTES);
      return bytes === null ? [] : parseContainerList(bytes, ownerUid);
    }),
  );
  return lists.flat();
}

/** `GET /containers/json`: [{Id, Names: ["/web-db"], Image}]. It tells no environment. */
export function parseDockerAnswer(text: string, ownerUid: number | null): readonly ContainerName[] {
  const list = parseJson(text);
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry): ContainerName[] => {
    const { Id: id, Names: names, Image: image } = fieldsOf(entry) ?? {};
    if (typeof id !== "string" || !/^[0-9a-f]{64}$/.test(id)) return [];
    const first: unknown = Array.isArray(names) ? names[0] : undefined;
    const name = containerNameOf(typeof first === "string" ? first.replace(/^\//, "") : undefined);
    return [{ id, ownerUid, name, image: imageNameOf(image) }];
  });
}

/** "" when it does not answer as expected. */
export function askDocker(socketPath: string, limitMs = LIMIT_OF_ALL_MS): Promise<string> {
  const signal = AbortSignal.timeout(limitMs);
  return new Promise((resolve) => {
    const asked = request({ socketPath, path: "/containers/json", timeout: LIMIT_MS, signal }, (response) => {
      const pieces: Buffer[] = [];
      let bytes = 0;
      response.on("data", (piece: Buffer) => {
        bytes += piece.length;
        if (bytes > MAX_ANSWER_BYTES) asked.destroy();
        else pieces.push(piece);
      });
      response.on("end", () => resolve(response.statusCode === 200 ? Buffer.concat(pieces).toString("utf8") : ""));
      response.on("error", () => resolve(""));
    });
    asked.on("timeout", () => asked.destroy());
    asked.on("error", () => resolve(""));
    asked.on("close", () => resolve(""));
    asked.end();
  });
}

async function fromDocker({ dockerSockets }: ContainerPlaces): Promise<readonly ContainerName[]> {
  const answers = await Promise.all(
    dockerSockets.map(async ({ path, ownerUid }) => {
      return (await isThere(path, constants.W_OK)) ? parseDockerAnswer(await askDocker(path), ownerUid) : [];
    }),
  );
  return answers.flat();
}

/** `<pod>_<namespace>_<container>-<id>.log`. */
const LOG_LINK = /^([a-z0-9.-]{1,253})_([a-z0-9-]{1,63})_([a-z0-9-]{1,63})-([0-9a-f]{64})\.log$/;

async function fromKubernetes({ kubernetesLogDir }: ContainerPlaces): Promise<readonly ContainerName[]> {
  const links = await readdir(kubernetesLogDir).catch(() => []);
  return links.slice(0, MAX_LOG_LINKS).flatMap((link): ContainerName[] => {
    const [, pod, namespace, container, id] = LOG_LINK.exec(link) ?? [];
    return id === undefined ? [] : [{ id, ownerUid: null, name: `${namespace}/${pod}/${container}`, image: null }];
  });
}

export async function readContainerNames(places: ContainerPlaces): Promise<readonly ContainerName[]> {
  const found = await Promise.all([fromPodman(places), fromDocker(places), fromKubernetes(places)]);
  return found.flat();
}
