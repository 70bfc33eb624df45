/** Everything that is told once, before the live records: what we are, and what was there before us. */
import { release } from "node:os";
import { ABI_VERSION, FRAME_KIND, type FrameKind, PROTOCOL_VERSION } from "../contract/helper-protocol.ts";
import type { Hello } from "../core/model/capture-facts.ts";
import type { Feature } from "../core/model/coverage.ts";
import { listCgroups } from "./cgroup-tree.ts";
import { describeFeatures } from "./describe-features.ts";
import type { FrameSource } from "./frame-source.ts";
import type { FrameWriter } from "./frame-writer.ts";
import type { NativeAddon, NativeCapture } from "./native.ts";
import { readRunningArguments } from "./running-arguments.ts";
import { TELLTALE_VERSION } from "./version.ts";

/** Entries of one JSON frame: with 4 KiB of arguments each, escaped, it stays below the contract's 4 MiB. */
const ENTRIES_PER_FRAME = 128;

function makeHello({ addon, capture, features }: StartOptions): Hello {
  const startedAtNs = addon.bootTimeNs();
  return {
    protocolVersion: PROTOCOL_VERSION,
    abiVersion: ABI_VERSION,
    telltaleVersion: TELLTALE_VERSION,
    kernelRelease: release(),
    architecture: process.arch,
    bootWallMs: Date.now() - startedAtNs / 1e6,
    startedAtNs,
    features: [...describeFeatures(capture.features()), ...features],
    cost: capture.cost(),
  };
}

async function writeInParts(writer: FrameWriter, kind: FrameKind, entries: readonly unknown[]): Promise<void> {
  for (let at = 0; at < entries.length; at += ENTRIES_PER_FRAME) {
    await writer.writeJson(kind, entries.slice(at, at + ENTRIES_PER_FRAME));
  }
}

export interface StartOptions {
  readonly addon: NativeAddon;
  readonly capture: NativeCapture;
  readonly writer: FrameWriter;
  readonly cgroupDir: string;
  /** Of what is not the capture's own. */
  readonly features: readonly Feature[];
  readonly sources: readonly FrameSource[];
}

export async function sendStart(options: StartOptions): Promise<void> {
  const { capture, writer, cgroupDir, sources } = options;
  await writer.writeJson(FRAME_KIND.hello, makeHello(options));
  await writeInParts(writer, FRAME_KIND.cgroups, listCgroups(cgroupDir));
  while ((await writer.writeRecords((target) => capture.readExisting(target))) > 0);
  await writeInParts(writer, FRAME_KIND.processArguments, readRunningArguments("/proc"));
  for (const source of sources) await source.send(writer);
  await writer.writeEmpty(FRAME_KIND.live);
}
