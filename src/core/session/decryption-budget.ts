/**
 * How much decrypting of QUIC Initials is worth its while. A datagram may hold
 * eight packets that nothing opens, at 50 us each, and costs its sender 2: who
 * sends them to ever new addresses would stop all other naming. So a process,
 * and all together, have so many attempts in a second of the records' time.
 */
import type { ProcessKey } from "../model/ids.ts";

export interface DecryptionBudget {
  readonly canAfford: (process: ProcessKey | null, timeNs: number) => boolean;
  readonly spend: (process: ProcessKey | null, attempts: number) => void;
}

/** Some 50 ms. A connection takes one to three: what a browser opens at once is far below. */
export const ATTEMPTS_A_PROCESS = 1000;
export const ATTEMPTS_TOGETHER = 3000;
const SECOND_NS = 1e9;

export function createDecryptionBudget(): DecryptionBudget {
  /** Never more entries than ATTEMPTS_TOGETHER. */
  const spentBy = new Map<ProcessKey | null, number>();
  let spent = 0;
  let beganAtNs = Number.NEGATIVE_INFINITY;
  return {
    canAfford: (process, timeNs) => {
      if (timeNs - beganAtNs >= SECOND_NS) {
        spentBy.clear();
        spent = 0;
        beganAtNs = timeNs;
      }
      return spent < ATTEMPTS_TOGETHER && (spentBy.get(process) ?? 0) < ATTEMPTS_A_PROCESS;
    },
    spend: (process, attempts) => {
      if (attempts === 0) return;
      spent += attempts;
      spentBy.set(process, (spentBy.get(process) ?? 0) + attempts);
    },
  };
}
