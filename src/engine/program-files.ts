/** What this machine's files say of a program: package, menu entry, replaced executables. On demand. */
import type { ProgramFilesResult } from "../contract/ipc-schema.ts";
import type { Graph, ProgramNode } from "../core/graph/graph.ts";
import { fileOnHost } from "../core/identity/file-on-host.ts";
import type { OwningPackage } from "../core/model/owning-package.ts";
import { pidsOfDeletedExecutables } from "./deleted-executables.ts";
import { desktopNameOf } from "./desktop-entries.ts";
import type { PackageFinder } from "./owning-packages.ts";

export async function lookUpProgramFiles(node: ProgramNode, finder: PackageFinder): Promise<ProgramFilesResult> {
  const { exe, script, bundle, container, processes } = node;
  const file = fileOnHost(node);
  const hasEntry = exe !== null && script === null && container === null;
  const [owners, desktopName, deletedPids] = await Promise.all([
    file === null ? null : finder.find([file]),
    hasEntry ? desktopNameOf(exe, bundle) : null,
    pidsOfDeletedExecutables(processes),
  ]);
  const owner = file === null ? null : (owners?.get(file) ?? null);
  return { outcome: "looked-up", package: owner, isPackageKnown: owners !== null, desktopName, deletedPids };
}

/** For a report: of every program that was seen on this machine, all at once. */
export async function packagesOfPrograms(
  graph: Graph,
  finder: PackageFinder,
): Promise<ReadonlyMap<string, OwningPackage>> {
  const files: string[] = [];
  for (const node of graph.nodes.values()) {
    const file = node.kind === "program" ? fileOnHost(node) : null;
    if (file !== null) files.push(file);
  }
  return (await finder.find(files)) ?? new Map();
}
