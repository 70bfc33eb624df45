/** What containers are called, as files of their runtimes told. */
import type { Container, ContainerName } from "../model/process-context.ts";

export interface ContainerNames {
  readonly of: (container: Container) => ContainerName | null;
  /** True: something is new. */
  readonly learn: (names: readonly ContainerName[]) => boolean;
}

/** A busy host makes some thousand a day; the newest are kept. */
const MAX_NAMES = 4096;

/** A user names containers of their own only. */
const keyOf = ({ id, ownerUid }: Pick<Container, "id" | "ownerUid">): string => `${ownerUid ?? ""}:${id}`;

export function createContainerNames(): ContainerNames {
  const names = new Map<string, ContainerName>();

  function learnOne(told: ContainerName): boolean {
    const key = keyOf(told);
    const before = names.get(key);
    if (before?.name === told.name && before.image === told.image) return false;
    names.delete(key);
    names.set(key, told);
    if (names.size > MAX_NAMES) {
      const [oldest] = names.keys();
      if (oldest !== undefined) names.delete(oldest);
    }
    return true;
  }

  return {
    of: (container) => names.get(keyOf(container)) ?? null,
    learn: (told) => told.map(learnOne).includes(true),
  };
}
