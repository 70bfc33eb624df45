/**
 * The privileged helper: loads the probes and copies their records, unread, to
 * the user's process. It keeps no state, listens nowhere and takes no orders;
 * it ends when its peer goes.
 */
import { createRequire } from "node:module";
import type { Socket } from "node:net";
import { FAILURE_CODES, FRAME_KIND } from "../contract/helper-protocol.ts";
import { findCgroupDir } from "./cgroup-tree.ts";
import { connectPeer } from "./connect-peer.ts";
import { sendContainerLists } from "./container-list.ts";
import { drain } from "./drain.ts";
import { EXIT, HelperError } from "./exit-codes.ts";
import { createFrameWriter } from "./frame-writer.ts";
import { watchHostsFile } from "./hosts-file.ts";
import { startLibcWatch } from "./libc-watch.ts";
import type { NativeAddon, NativeCapture } from "./native.ts";
import { NO_ONE } from "./no-one.ts";
import { type HelperArguments, parseArguments } from "./parse-arguments.ts";
import { MONITOR_SOCKET, watchResolver } from "./resolver-monitor.ts";
import { sendStart } from "./send-start.ts";

/** Of the kernel's ring: some five seconds of 5,000 connections a second, should the peer not read. */
const RING_BYTES = 16 * 1024 * 1024;
/** Running an iterator needs it on systems without unprivileged BPF; it opens no file and no process. */
const KEPT_CAPABILITIES = ["CAP_BPF"];
/** After being told to stop, the peer may have stopped reading: then we go without goodbye. */
const GOODBYE_MS = 800;

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The addon's and our own errors carry one of the contract's codes; the rest is ours to explain as a fault. */
function failureOf(error: unknown): { code: string; detail: string } {
  const code: unknown =
    error instanceof HelperError
      ? error.failureCode
      : typeof error === "object" && error !== null
        ? Reflect.get(error, "code")
        : undefined;
  const known = FAILURE_CODES.find((entry) => entry === code);
  return { code: known ?? "internal", detail: messageOf(error) };
}

function exitCodeOf(error: unknown): number {
  if (error instanceof HelperError) return error.exitCode;
  return failureOf(error).code === "internal" ? EXIT.internal : EXIT.captureFailed;
}

/** Aborts when the peer says it wants no more, or a signal says so; leaves at once when the peer is gone. */
function stopSignal(socket: Socket): AbortSignal {
  const stop = new AbortController();
  const stopGently = () => {
    stop.abort();
    setTimeout(() => process.exit(0), GOODBYE_MS).unref();
  };
  socket.once("end", stopGently);
  socket.once("close", () => process.exit(0));
  socket.once("error", () => process.exit(0));
  socket.resume(); // nothing is expected; only then is the end seen
  for (const name of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.once(name, stopGently);
  return stop.signal;
}

async function runCapture(options: HelperArguments, addon: NativeAddon, socket: Socket): Promise<void> {
  const writer = createFrameWriter(socket);
  const signal = stopSignal(socket);
  let capture: NativeCapture | undefined;
  try {
    const cgroupDir = findCgroupDir();
    capture = addon.open({ objectFile: options.objectFile, cgroupDir, ringBytes: RING_BYTES });
    const { bootTimeNs } = addon;
    const nowMs = () => performance.now();
    const [libcWatch, resolver] = await Promise.all([
      startLibcWatch(options.addonFile, capture),
      watchResolver({ socketFile: MONITOR_SOCKET, bootTimeNs, nowMs }),
    ]);
    const features = [...libcWatch.features(), ...resolver.features()];
    const sources = [
      libcWatch,
      resolver,
      watchHostsFile({ file: "/etc/hosts", bootTimeNs, nowMs }),
      sendContainerLists(),
    ];
    await sendStart({ addon, capture, writer, cgroupDir, features, sources });
    addon.dropPrivileges({ uid: NO_ONE, gid: NO_ONE, keep: KEPT_CAPABILITIES });
    await drain({ capture, writer, signal, sources });
  } catch (error) {
    await writer.writeJson(FRAME_KIND.failure, failureOf(error));
    throw error;
  } finally {
    capture?.close();
  }
}

async function main(): Promise<void> {
  // Node's own answer to it is a debugger's door on a TCP port, open to every user of this machine.
  process.on("SIGUSR1", () => undefined);
  const options = parseArguments(process.argv.slice(2));
  const addon: NativeAddon = createRequire(import.meta.url)(options.addonFile);
  const socket = await connectPeer(options.socketFile, options.peerUid, addon);
  let exitCode = 0;
  try {
    await runCapture(options, addon, socket);
  } catch (error) {
    console.error(`telltale helper: ${messageOf(error)}`);
    exitCode = exitCodeOf(error);
  }
  socket.removeAllListeners("close");
  socket.end(() => process.exit(exitCode));
  setTimeout(() => process.exit(exitCode), GOODBYE_MS);
}

main().catch((error: unknown) => {
  console.error(`telltale helper: ${messageOf(error)}`);
  process.exit(exitCodeOf(error));
});
