/** The libbpf addon's interface (native/). Loaded with createRequire from the path given on the command line. */
import type { CaptureCost } from "../core/model/coverage.ts";

export interface NativeFeature {
  readonly id: string;
  readonly isAttached: boolean;
  /** Attached is a fallback, a simpler program; `reason` then says why the first choice was refused. */
  readonly isFallback: boolean;
  /** libbpf's or the kernel's words where the first choice is not attached, else null. */
  readonly reason: string | null;
}

/** A loaded program that belongs at a function of a library. The descriptor is the capture's: never close it. */
export interface FunctionProgram {
  readonly name: string;
  readonly fd: number;
}

/** Methods: call them on the object. */
export interface NativeCapture {
  /** One entry a program, in a fixed order; of those that belong at functions of libraries, the refused ones. */
  readonly features: () => readonly NativeFeature[];
  /** What loading and attaching took, and how large each loaded program is. */
  readonly cost: () => CaptureCost;
  /** What is not attached here but given to telltale-libc-watch. */
  readonly functionPrograms: () => readonly FunctionProgram[];
  /**
   * Copies whole records from the ring buffer into `target`, as many as are
   * there and fit. Returns the bytes written; 0: nothing waits. Never blocks.
   */
  readonly read: (target: Uint8Array) => number;
  /**
   * Records of what already runs, from the iterators: processes first, then
   * sockets. Reads into `target`; returns bytes written, 0 when done.
   */
  readonly readExisting: (target: Uint8Array) => number;
  /** Indexed by record type number of bpf/event.h. */
  readonly stats: () => { readonly sent: readonly number[]; readonly lost: readonly number[] };
  /** Detaches and frees; idempotent. */
  readonly close: () => void;
}

export interface NativeAddon {
  /** Loads and attaches. Throws an Error with `code` "no-btf" | "no-cgroup2" | "no-permission" | "load-failed". */
  readonly open: (options: {
    readonly objectFile: string;
    /** The mount point of the cgroup v2 hierarchy. */
    readonly cgroupDir: string;
    /** Power of two, multiple of the page size. */
    readonly ringBytes: number;
  }) => NativeCapture;
  /** SO_PEERCRED of a connected unix socket. */
  readonly peerCredentials: (fd: number) => { readonly pid: number; readonly uid: number; readonly gid: number };
  /**
   * The process becomes `uid`/`gid` for good, in all its threads; only the calling thread keeps the capabilities
   * in `keep` ("CAP_BPF", ...). Sets no_new_privs. Capabilities alone would not do: uid 0 without any still owns
   * every system file.
   */
  readonly dropPrivileges: (options: {
    readonly uid: number;
    readonly gid: number;
    readonly keep: readonly string[];
  }) => void;
  /** CLOCK_BOOTTIME in ns. */
  readonly bootTimeNs: () => number;
}
