/**
 * Podman's list of containers (containers/storage, containers.json) -> their
 * names. Whoever may start a container writes into it, so it is hostile text.
 */
import { decodeUtf8 } from "../../event/decode-text.ts";
import type { ContainerName } from "../../model/process-context.ts";

/** A machine with more has other tools to look at them; the newest stand last. */
const MAX_CONTAINERS = 4096;
const ID = /^[0-9a-f]{64}$/;
/** Docker's and Podman's rule for names; the length is that of a host name, twice. */
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}$/;
/** `registry:port/path/image:tag@sha256:…`. */
const IMAGE = /^[\w.:/@+-]{1,255}$/;

export const containerNameOf = (text: unknown): string | null =>
  typeof text === "string" && NAME.test(text) ? text : null;

export const imageNameOf = (text: unknown): string | null =>
  typeof text === "string" && IMAGE.test(text) ? text : null;

type Fields = Readonly<Record<string, unknown>>;

export const fieldsOf = (value: unknown): Fields | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function parseContainer(value: unknown, ownerUid: number | null): ContainerName | undefined {
  const fields = fieldsOf(value);
  const id = fields?.id;
  if (typeof id !== "string" || !ID.test(id)) return undefined;
  // The library keeps what its user, Podman, says of a container as text in the text.
  const metadata = typeof fields?.metadata === "string" ? fieldsOf(parseJson(fields.metadata)) : undefined;
  const names: unknown = fields?.names;
  const name = containerNameOf(Array.isArray(names) ? names[0] : metadata?.name);
  const image = imageNameOf(metadata?.["image-name"]);
  return name === null && image === null ? undefined : { id, ownerUid, name, image };
}

/** `ownerUid`: the user whose list it is; null: the system's. Empty for what is no such list. */
export function parseContainerList(bytes: Uint8Array, ownerUid: number | null): readonly ContainerName[] {
  const list = parseJson(decodeUtf8(bytes, 0, bytes.length));
  if (!Array.isArray(list)) return [];
  return list.slice(-MAX_CONTAINERS).flatMap((entry) => parseContainer(entry, ownerUid) ?? []);
}
