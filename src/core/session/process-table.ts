/**
 * Who is who: processes by pid and start time, their parents, and the images
 * (programs) they ran. A pid is reused; the pair of pid and start time is not.
 *
 * An exec keeps the process and its key but starts a new image. A flow belongs
 * to the image that opened it: the owner at the moment of the call is the fact
 * we have, and sockets are usually closed by the exec.
 */
import type { ExitEvent, ForkEvent, Owner, ProcessEvent } from "../event/kernel-event.ts";
import type { CgroupPath, ProcessArguments } from "../model/capture-facts.ts";
import { type ProcessKey, processKey } from "../model/ids.ts";
import { type OldestFirst, oldestFirst } from "../model/oldest-first.ts";
import type { Ancestor, Process } from "../model/process.ts";

/** One program run by one process. `facts` is replaced as a whole when more becomes known. */
export interface ProcessImage {
  facts: Process;
  readonly sinceNs: number;
  cgroupId: number;
}

export interface Lineage {
  readonly key: ProcessKey;
  readonly splitAtNs: number;
}

export interface ProcessEntry {
  readonly key: ProcessKey;
  image: ProcessImage;
  /** Parents at the time of the fork, nearest first. */
  lineage: readonly Lineage[];
  /** Stands for a process of which no record came: made from a socket's owner. */
  isGuess: boolean;
  exitedAtNs: number | null;
}

export interface ProcessTable {
  /** The image the record tells of, and the one that an exec ended. */
  readonly applyProcess: (event: ProcessEvent) => { readonly image: ProcessImage; readonly ended: ProcessImage | null };
  readonly applyFork: (event: ForkEvent) => void;
  readonly applyExit: (event: ExitEvent) => ProcessEntry | null;
  /** The owner of a socket; made from the owner's own fields where the process is unknown. null: pid unknown. */
  readonly resolve: (owner: Owner) => ProcessEntry | null;
  readonly applyArguments: (processes: readonly ProcessArguments[]) => readonly ProcessEntry[];
  readonly applyCgroups: (cgroups: readonly CgroupPath[]) => void;
  /** All processes that ran before us are known now: links children that came before their parents. */
  readonly completeLineages: () => void;
  readonly values: () => Iterable<ProcessEntry>;
  /** Forgets processes that exited a while ago. Flows hold their image, so its facts live as long as they do. */
  readonly sweep: (nowNs: number) => void;
  readonly evicted: () => number;
}

/** Deeper trees exist only in fork chains; a reader needs the next few. */
const MAX_ANCESTORS = 16;
/** Flows of a process may be reported a while after it exited. */
const KEEP_EXITED_NS = 60e9;
/** About 1 kB each with argv: 64 MB when full. A make -j runs through some 10,000 a minute. */
const MAX_PROCESSES = 65_536;
/** Systemd machines have hundreds, container hosts thousands. */
const MAX_CGROUPS = 65_536;

interface Tables {
  readonly byKey: Map<ProcessKey, ProcessEntry>;
  readonly byPid: Map<number, ProcessEntry>;
  readonly cgroupPaths: Map<number, string>;
  readonly processesByAge: OldestFirst<ProcessKey>;
  readonly cgroupsByAge: OldestFirst<number>;
  /** By cgroup id: images whose cgroup has no path yet. */
  readonly pathless: Map<number, Set<ProcessImage>>;
  /** Started before us and not linked to their parents yet. */
  readonly unlinked: Map<ProcessEntry, ProcessKey>;
  evicted: number;
}

function evictOldest<K, V>(map: Map<K, V>, byAge: OldestFirst<K>): V | undefined {
  const key = byAge.next();
  if (key === undefined) return undefined;
  const value = map.get(key);
  map.delete(key);
  return value;
}

function insert(tables: Tables, entry: ProcessEntry): void {
  tables.byKey.set(entry.key, entry);
  tables.byPid.set(entry.image.facts.pid, entry);
  awaitPath(tables, entry.image);
  if (tables.byKey.size <= MAX_PROCESSES) return;
  const oldest = evictOldest(tables.byKey, tables.processesByAge);
  if (oldest === undefined) return;
  tables.evicted += 1;
  forgetPid(tables, oldest);
}

/** The image learns its cgroup's path when that is told. */
function awaitPath({ pathless }: Tables, image: ProcessImage): void {
  if (image.facts.cgroup !== null) return;
  const waiting = pathless.get(image.cgroupId);
  if (waiting === undefined) pathless.set(image.cgroupId, new Set([image]));
  else waiting.add(image);
}

function stopAwaitingPath({ pathless }: Tables, image: ProcessImage): void {
  const waiting = pathless.get(image.cgroupId);
  if (waiting?.delete(image) === true && waiting.size === 0) pathless.delete(image.cgroupId);
}

function forgetPid(tables: Tables, entry: ProcessEntry): void {
  stopAwaitingPath(tables, entry.image);
  const { pid } = entry.image.facts;
  if (tables.byPid.get(pid) === entry) tables.byPid.delete(pid);
  tables.unlinked.delete(entry);
}

const ancestorsBelow = (parent: ProcessEntry): readonly Ancestor[] =>
  [{ pid: parent.image.facts.pid, exe: parent.image.facts.exe }, ...parent.image.facts.ancestors].slice(
    0,
    MAX_ANCESTORS,
  );

/** What a grandparent learnt after the parent split off was not inherited. */
const lineageBelow = (parent: ProcessEntry, splitAtNs: number): readonly Lineage[] =>
  [{ key: parent.key, splitAtNs }, ...parent.lineage].slice(0, MAX_ANCESTORS);

function linkToParent(entry: ProcessEntry, parent: ProcessEntry): void {
  entry.lineage = lineageBelow(parent, entry.image.facts.startTimeNs);
  entry.image.facts = { ...entry.image.facts, ancestors: ancestorsBelow(parent) };
}

function factsOf(event: ProcessEvent, key: ProcessKey, tables: Tables, before: Process | null): Process {
  return {
    key,
    pid: event.pid,
    startTimeNs: event.startNs,
    exe: event.exe,
    filename: event.filename,
    argv: event.argv ?? (event.isExec ? null : (before?.argv ?? null)),
    comm: event.comm,
    uid: event.uid,
    ancestors: before?.ancestors ?? [],
    cgroup: tables.cgroupPaths.get(event.cgroupId) ?? null,
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

/** The old program is over, though its process lives on. */
function replaceImage(entry: ProcessEntry, facts: Process, event: ProcessEvent): ProcessImage {
  const ended = entry.image;
  ended.facts = { ...ended.facts, exitedAtNs: event.timeNs };
  entry.image = { facts, sinceNs: event.timeNs, cgroupId: event.cgroupId };
  return ended;
}

function applyProcess(
  tables: Tables,
  event: ProcessEvent,
): { readonly image: ProcessImage; readonly ended: ProcessImage | null } {
  const key = processKey(event.pid, event.startNs);
  const entry = tables.byKey.get(key);
  if (entry === undefined) return { image: createEntry(tables, event, key).image, ended: null };
  const facts = factsOf(event, key, tables, entry.image.facts);
  stopAwaitingPath(tables, entry.image);
  let ended: ProcessImage | null = null;
  if (event.isExec && !entry.isGuess) ended = replaceImage(entry, facts, event);
  else {
    entry.image.facts = { ...facts, exitedAtNs: entry.image.facts.exitedAtNs };
    entry.image.cgroupId = event.cgroupId;
  }
  awaitPath(tables, entry.image);
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
    filename: null,
    argv: null,
    comm: owner.comm,
    uid: owner.uid,
    ancestors: [],
    cgroup: tables.cgroupPaths.get(owner.cgroupId) ?? null,
    exitedAtNs: null,
  };
  const image = { facts, sinceNs: owner.startNs, cgroupId: owner.cgroupId };
  const entry: ProcessEntry = { key, image, lineage: [], isGuess: true, exitedAtNs: null };
  insert(tables, entry);
  return entry;
}

function resolve(tables: Tables, owner: Owner): ProcessEntry | null {
  if (owner.pid === 0) return null;
  if (owner.startNs === 0) {
    const running = tables.byPid.get(owner.pid);
    if (running !== undefined) return running;
  }
  const key = processKey(owner.pid, owner.startNs);
  const entry = tables.byKey.get(key) ?? guessEntry(tables, owner, key);
  // A process moved between cgroups tells so with its next socket.
  if (owner.cgroupId !== 0 && owner.cgroupId !== entry.image.cgroupId) {
    stopAwaitingPath(tables, entry.image);
    entry.image.cgroupId = owner.cgroupId;
    const path = tables.cgroupPaths.get(owner.cgroupId);
    if (path !== undefined) entry.image.facts = { ...entry.image.facts, cgroup: path };
    awaitPath(tables, entry.image);
  }
  return entry;
}

function applyArguments(tables: Tables, processes: readonly ProcessArguments[]): readonly ProcessEntry[] {
  const changed: ProcessEntry[] = [];
  for (const { pid, argv } of processes) {
    const entry = tables.byPid.get(pid);
    if (entry === undefined || entry.image.facts.argv !== null) continue;
    entry.image.facts = { ...entry.image.facts, argv };
    changed.push(entry);
  }
  return changed;
}

function applyCgroups(tables: Tables, cgroups: readonly CgroupPath[]): void {
  for (const { id, path } of cgroups) {
    tables.cgroupPaths.delete(Number(id));
    tables.cgroupPaths.set(Number(id), path);
    if (tables.cgroupPaths.size > MAX_CGROUPS) evictOldest(tables.cgroupPaths, tables.cgroupsByAge);
    // Only those that wait: any user may make cgroups by the thousand, and a walk over all processes each time would not end.
    for (const image of tables.pathless.get(Number(id)) ?? []) image.facts = { ...image.facts, cgroup: path };
    tables.pathless.delete(Number(id));
  }
}

/** Parents first: a chain of late children is linked from its root, in as many rounds as it is deep. */
function completeLineages(tables: Tables): void {
  for (let round = 0; round < MAX_ANCESTORS && tables.unlinked.size > 0; round += 1) {
    for (const [entry, parentKey] of [...tables.unlinked]) {
      const parent = tables.byKey.get(parentKey);
      if (parent !== undefined && tables.unlinked.has(parent)) continue;
      tables.unlinked.delete(entry);
      if (parent !== undefined) linkToParent(entry, parent);
    }
  }
  tables.unlinked.clear();
}

function sweep(tables: Tables, nowNs: number): void {
  tables.processesByAge.rest();
  tables.cgroupsByAge.rest();
  for (const [key, entry] of tables.byKey) {
    if (entry.exitedAtNs === null || entry.exitedAtNs + KEEP_EXITED_NS > nowNs) continue;
    tables.byKey.delete(key);
    forgetPid(tables, entry);
  }
}

export function createProcessTable(): ProcessTable {
  const byKey = new Map<ProcessKey, ProcessEntry>();
  const cgroupPaths = new Map<number, string>();
  const tables: Tables = {
    byKey,
    byPid: new Map(),
    cgroupPaths,
    processesByAge: oldestFirst(byKey),
    cgroupsByAge: oldestFirst(cgroupPaths),
    pathless: new Map(),
    unlinked: new Map(),
    evicted: 0,
  };
  return {
    applyProcess: (event) => applyProcess(tables, event),
    applyFork: (event) => applyFork(tables, event),
    applyExit: (event) => applyExit(tables, event),
    resolve: (owner) => resolve(tables, owner),
    applyArguments: (processes) => applyArguments(tables, processes),
    applyCgroups: (cgroups) => applyCgroups(tables, cgroups),
    completeLineages: () => completeLineages(tables),
    values: () => tables.byKey.values(),
    sweep: (nowNs) => sweep(tables, nowNs),
    evicted: () => tables.evicted,
  };
}
