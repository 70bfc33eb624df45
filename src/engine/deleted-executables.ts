/**
 * Which running processes run a file that is gone from its place: deleted, or
 * replaced by an upgrade. The kernel shows it to whoever may look: of their own
 * processes users, root of all.
 */
import { readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import type { ProgramProcess } from "../core/graph/graph.ts";

type RunningProcess = Pick<ProgramProcess, "pid" | "startTimeNs" | "exitedAtNs">;

/** proc(5): USER_HZ is 100 on every architecture Linux runs on today, save alpha. */
const NS_PER_TICK = 1e7;
/** Field 22 of /proc/PID/stat; the second, the name, may hold spaces and parentheses. */
const START_FIELD_BEHIND_NAME = 19;

/** null: not a stat line. */
export function startTicksIn(stat: string): number | null {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(fields[START_FIELD_BEHIND_NAME]);
  return fields.length > START_FIELD_BEHIND_NAME && Number.isSafeInteger(ticks) ? ticks : null;
}

/** null: it ended, its pid is another's by now, or it is not for us to see. */
async function runsDeletedFile({ pid, startTimeNs }: RunningProcess, procDir: string): Promise<boolean | null> {
  try {
    const dir = join(procDir, String(pid));
    const target = await readlink(join(dir, "exe"));
    const ticks = startTicksIn(await readFile(join(dir, "stat"), "latin1"));
    return ticks === Math.floor(startTimeNs / NS_PER_TICK) ? target.endsWith(" (deleted)") : null;
  } catch {
    return null;
  }
}

export async function pidsOfDeletedExecutables(
  processes: readonly RunningProcess[],
  procDir = "/proc",
): Promise<readonly number[]> {
  const running = processes.filter(({ exitedAtNs }) => exitedAtNs === null);
  const deleted = await Promise.all(running.map((process) => runsDeletedFile(process, procDir)));
  return running.filter((_, index) => deleted[index] === true).map(({ pid }) => pid);
}
