/**
 * Who is who: processes by pid and start time, their parents, and the images
 * (programs) they ran. A pid is reused; the pair of pid and start time is not.
 */
import type { ExitEvent, ForkEvent, Owner, ProcessEvent } from "../event/kernel-event.ts";
import type { CgroupPath, ProcessArguments } from "../model/capture-facts.ts";
import { type ProcessKey, processKey } from "../model/ids.ts";
import { type OldestFirst, oldestFirst } from "../model/oldest-first.ts";
import type { Process } from "../model/process.ts";
import { type CgroupPaths, createCgroupPaths } from "./cgroup-paths.ts";
import { createFifo, type Fifo } from "./fifo.ts";
import {
  ancestorsBelow,
  lineageBelow,
  linkToParent,
  MAX_ANCESTORS,
  type ProcessEntry,
  type ProcessImage,
  replaceImage,
} from "./process-entry.ts";

export interface ProcessTable {
  /** The image the record tells of, and the one that an exec ended. */
  readonly applyProcess: (event: ProcessEvent) => { readonly image: ProcessImage; readonly ended: ProcessImage | null };
  readonly applyFork: (event: ForkEvent) => void;
  readonly applyExit: (event: ExitEvent) => ProcessEntry | null;
  /** The owner of a socket; made from the owner's own fields where the process is unknown. null: pid unknown. */
  readonly resolve: (owner: Owner) => ProcessEntry | null;
  readonly applyArguments: (processes: readonly ProcessArguments[]) => readonly ProcessEntry[];
  /** The images that learnt their path. */
  readonly applyCgroups: (cgroups: readonly CgroupPath[]) => readonly ProcessImage[];
  /**
   * All processes that ran before us are known now: links children that came before their parents, and tells
   * descendants the arguments of their ancestors. Returns the images of which more is known.
   */
  readonly completeLineages: () => readonly ProcessImage[];
  readonly values: () => Iterable<ProcessEntry>;
  /** Forgets processes that exited a while ago. Flows hold their image, so its facts live as long as they do. */
  readonly sweep: (nowNs: number) => void;
  readonly evicted: () => number;
}

/** Flows of a process may be reported a while after it exited. */
const KEEP_EXITED_NS = 60e9;
/** About 1 kB each with argv: 64 MB when full. A make -j runs through some 10,000 a minute. */
const MAX_PROCESSES = 65_536;
interface Tables {
  readonly byKey: Map<ProcessKey, ProcessEntry>;
  readonly byPid: Map<number, ProcessEntry>;
  readonly byAge: OldestFirst<ProcessKey>;
  /** In the order of their ends; kept for a while. */
  readonly exited: Fifo<ProcessEntry>;
  readonly cgroups: CgroupPaths;
  /** Started before us and not linked to their parents yet. */
  readonly unlinked: Map<ProcessEntry, ProcessKey>;
  evicted: number;
}

function insert(tables: Tables, entry: ProcessEntry): void {
  tables.byKey.set(entry.key, entry);
  tables.byPid.set(entry.image.facts.pid, entry);
  tables.cgroups.await(entry.image);
  if (tables.byKey.size <= MAX_PROCESSES) return;
  // Ended ones first: the oldest of all are the machine's services, which go on opening sockets.
  const evicted = tables.exited.shift() ?? oldestOf(tables);
  if (evicted === undefined) return;
  tables.evicted += 1;
  forget(tables, evicted);
}

function oldestOf({ byKey, byAge }: Tables): ProcessEntry | undefined {
  const key = byAge.next();
  return key === undefined ? undefined : byKey.get(key);
}

function forget(tables: Tables, entry: ProcessEntry): void {
  tables.cgroups.stopAwaiting(entry.image);
  tables.byKey.delete(entry.key);
  const { pid } = entry.image.facts;
  if (tables.byPid.get(pid) === entry) tables.byPid.delete(pid);
  tables.unlinked.delete(entry);
}

function factsOf(event: ProcessEvent, key: ProcessKey, tables: Tables, before: Process | null): Process {
  return {
    key,
    pid: event.pid,
    startTimeNs: event.startNs,
    exe: event.exe,
    isExeDeleted: event.isExeDeleted || (event.isExec ? null : (before?.isExeDeleted ?? null)),
    filename: event.filename,
    argv: event.argv ?? (event.isExec ? null : (before?.argv ?? null)),
    comm: event.comm,
    uid: event.uid,
    ancestors: before?.ancestors ?? [],
    cgroup: tables.cgroups.pathOf(event.cgroupId),
    exitedAtNs: null,
  };
}

function createEntry(tables: Tables, event: ProcessEvent, key: ProcessKey): ProcessEntry {
  const facts = factsOf(event, key, tables, null);
  const image = { facts, sinceNs: event.isExec ? event.timeNs : event.startNs, cgroupId: event.cgroupId };
  const entry: ProcessEntry = { key, image, lineage: [], isGuess: false, exitedAtNs: null };
  insert(tables, entry);
  const parentKey = processKey(event.parentPid, event.parentStartNs);
  const parent = tables.byKey.get(parentKey);
  if (parent !== undefined) linkToParent(entry, parent);
  else if (event.isSnapshot) tables.unlinked.set(entry, parentKey);
  return entry;
}

function applyProcess(
  tables: Tables,
  event: ProcessEvent,
): { readonly image: ProcessImage; readonly ended: ProcessImage | null } {
  const key = processKey(event.pid, event.startNs);
  const entry = tables.byKey.get(key);
  if (entry === undefined) return { image: createEntry(tables, event, key).image, ended: null };
  const facts = factsOf(event, key, tables, entry.image.facts);
  tables.cgroups.stopAwaiting(entry.image);
  let ended: ProcessImage | null = null;
  if (event.isExec && !entry.isGuess) ended = replaceImage(entry, facts, event);
  else {
    entry.image.facts = { ...facts, exitedAtNs: entry.image.facts.exitedAtNs };
    entry.image.cgroupId = event.cgroupId;
  }
  tables.cgroups.await(entry.image);
  if (entry.lineage.length === 0) {
    const parent = tables.byKey.get(processKey(event.parentPid, event.parentStartNs));
    if (parent !== undefined) linkToParent(entry, parent);
  }
  entry.isGuess = false;
  return { image: entry.image, ended };
}

/** Until it calls exec, a child runs what its parent runs. */
function applyFork(tables: Tables, event: ForkEvent): void {
  const parent = tables.byKey.get(processKey(event.parentPid, event.parentStartNs));
  const key = processKey(event.childPid, event.childStartNs);
  if (parent === undefined || tables.byKey.has(key)) return;
  const facts: Process = {
    ...parent.image.facts,
    key,
    pid: event.childPid,
    startTimeNs: event.childStartNs,
    ancestors: ancestorsBelow(parent),
    exitedAtNs: null,
  };
  insert(tables, {
    key,
    image: { facts, sinceNs: event.childStartNs, cgroupId: parent.image.cgroupId },
    lineage: lineageBelow(parent, event.childStartNs),
    isGuess: false,
    exitedAtNs: null,
  });
}

function applyExit(tables: Tables, event: ExitEvent): ProcessEntry | null {
  const entry = tables.byKey.get(processKey(event.pid, event.startNs));
  if (entry === undefined) return null;
  if (entry.exitedAtNs === null) tables.exited.push(entry);
  entry.exitedAtNs = event.timeNs;
  entry.image.facts = { ...entry.image.facts, exitedAtNs: event.timeNs };
  if (tables.byPid.get(event.pid) === entry) tables.byPid.delete(event.pid);
  return entry;
}

function guessEntry(tables: Tables, owner: Owner, key: ProcessKey): ProcessEntry {
  const facts: Process = {
    key,
    pid: owner.pid,
    startTimeNs: owner.startNs,
    exe: null,
    isExeDeleted: null,
    filename: null,
    argv: null,
    comm: owner.comm,
    uid: owner.uid,
    ancestors: [],
    cgroup: tables.cgroups.pathOf(owner.cgroupId),
    exitedAtNs: null,
  };
  const image = { facts, sinceNs: owner.startNs, cgroupId: owner.cgroupId };
  const entry: ProcessEntry = { key, image, lineage: [], isGuess: true, exitedAtNs: null };
  insert(tables, entry);
  return entry;
}

function entryByKey(tables: Tables, owner: Owner): ProcessEntry {
  const key = processKey(owner.pid, owner.startNs);
  return tables.byKey.get(key) ?? guessEntry(tables, owner, key);
}

function resolve(tables: Tables, owner: Owner): ProcessEntry | null {
  if (owner.pid === 0) return null;
  const running = tables.byPid.get(owner.pid);
  if (owner.startNs === 0 && running !== undefined) return running;
  const entry = running?.image.facts.startTimeNs === owner.startNs ? running : entryByKey(tables, owner);
  // A process moved between cgroups tells so with its next socket.
  if (owner.cgroupId !== 0 && owner.cgroupId !== entry.image.cgroupId) {
    tables.cgroups.stopAwaiting(entry.image);
    entry.image.cgroupId = owner.cgroupId;
    const path = tables.cgroups.pathOf(owner.cgroupId);
    if (path !== null) entry.image.facts = { ...entry.image.facts, cgroup: path };
    tables.cgroups.await(entry.image);
  }
  return entry;
}

function applyArguments(tables: Tables, processes: readonly ProcessArguments[]): readonly ProcessEntry[] {
  const changed: ProcessEntry[] = [];
  for (const { pid, argv, isExeDeleted } of processes) {
    const entry = tables.byPid.get(pid);
    if (entry === undefined || entry.image.facts.argv !== null) continue;
    entry.image.facts = { ...entry.image.facts, argv, isExeDeleted: isExeDeleted ?? entry.image.facts.isExeDeleted };
    changed.push(entry);
  }
  return changed;
}

/** Parents first: a chain of late children is linked from its root, in as many rounds as it is deep. */
function linkLate(tables: Tables, changed: Set<ProcessImage>): void {
  for (let round = 0; round < MAX_ANCESTORS && tables.unlinked.size > 0; round += 1) {
    for (const [entry, parentKey] of [...tables.unlinked]) {
      const parent = tables.byKey.get(parentKey);
      if (parent !== undefined && tables.unlinked.has(parent)) continue;
      tables.unlinked.delete(entry);
      if (parent === undefined) continue;
      linkToParent(entry, parent);
      changed.add(entry.image);
    }
  }
  tables.unlinked.clear();
}

/** Who was linked before the arguments came knows its ancestors without theirs. */
function learnAncestorsArguments(tables: Tables, changed: Set<ProcessImage>): void {
  for (const { image, lineage } of tables.byKey.values()) {
    let isNew = false;
    const ancestors = image.facts.ancestors.map((ancestor, index) => {
      const key = lineage[index]?.key;
      const facts = key === undefined ? undefined : tables.byKey.get(key)?.image.facts;
      if (ancestor.argv !== null || facts === undefined || facts.argv === null || facts.exe !== ancestor.exe) {
        return ancestor;
      }
      isNew = true;
      return { ...ancestor, argv: facts.argv };
    });
    if (!isNew) continue;
    image.facts = { ...image.facts, ancestors };
    changed.add(image);
  }
}

function completeLineages(tables: Tables): readonly ProcessImage[] {
  const changed = new Set<ProcessImage>();
  linkLate(tables, changed);
  learnAncestorsArguments(tables, changed);
  return [...changed];
}

function sweep(tables: Tables, nowNs: number): void {
  tables.byAge.rest();
  tables.cgroups.rest();
  for (let entry = tables.exited.peek(); entry !== undefined; entry = tables.exited.peek()) {
    if ((entry.exitedAtNs ?? 0) + KEEP_EXITED_NS > nowNs) return;
    tables.exited.shift();
    forget(tables, entry);
  }
}

export function createProcessTable(): ProcessTable {
  const byKey = new Map<ProcessKey, ProcessEntry>();
  const tables: Tables = {
    byKey,
    byPid: new Map(),
    byAge: oldestFirst(byKey),
    exited: createFifo(),
    cgroups: createCgroupPaths(),
    unlinked: new Map(),
    evicted: 0,
  };
  return {
    applyProcess: (event) => applyProcess(tables, event),
    applyFork: (event) => applyFork(tables, event),
    applyExit: (event) => applyExit(tables, event),
    resolve: (owner) => resolve(tables, owner),
    applyArguments: (processes) => applyArguments(tables, processes),
    applyCgroups: (cgroups) => tables.cgroups.learn(cgroups),
    completeLineages: () => completeLineages(tables),
    values: () => tables.byKey.values(),
    sweep: (nowNs) => sweep(tables, nowNs),
    evicted: () => tables.evicted,
  };
}
