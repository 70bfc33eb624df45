/** Looks for the names of containers that were seen without one: now and then, beside everything else. */
import type { ContainerName } from "../core/model/process-context.ts";
import type { Session } from "../core/session/session-api.ts";

type NamedSession = Pick<Session, "graph" | "nameContainers">;

export interface ContainerNamer {
  /** Called on every beat; nearly always there is nothing to do. */
  readonly look: (session: NamedSession) => void;
}

/** A name is there soon after the container is; later it will not come any more. */
const LOOK_EVERY_MS = 3000;
const MAX_LOOKS = 5;
/** Containers whose looks are counted; the oldest are forgotten. */
const MAX_COUNTED = 4096;

export function createContainerNamer(
  read: () => Promise<readonly ContainerName[]>,
  nowMs: () => number = () => performance.now(),
): ContainerNamer {
  const looks = new Map<string, number>();
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let isLooking = false;

  /** True: one of those without a name is still worth a look. */
  function countLooks(session: NamedSession): boolean {
    let isWorthIt = false;
    for (const node of session.graph().nodes.values()) {
      if (node.kind !== "program" || node.container === null || node.container.name !== null) continue;
      const key = `${node.container.ownerUid ?? ""}:${node.container.id}`;
      const count = looks.get(key) ?? 0;
      if (count >= MAX_LOOKS) continue;
      looks.set(key, count + 1);
      const [oldest] = looks.keys();
      if (looks.size > MAX_COUNTED && oldest !== undefined) looks.delete(oldest);
      isWorthIt = true;
    }
    return isWorthIt;
  }

  return {
    look: (session) => {
      if (isLooking || nowMs() - lookedAtMs < LOOK_EVERY_MS) return;
      lookedAtMs = nowMs();
      if (!countLooks(session)) return;
      isLooking = true;
      void read()
        .then(
          (names) => session.nameContainers(names),
          () => undefined,
        )
        .finally(() => {
          isLooking = false;
        });
    },
  };
}
