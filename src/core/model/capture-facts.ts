/** What the helper states about the machine and the capture, beside the kernel's records. */
import type { CaptureCost, Feature } from "./coverage.ts";

export interface Hello {
  readonly protocolVersion: number;
  readonly abiVersion: number;
  readonly telltaleVersion: string;
  readonly kernelRelease: string;
  readonly architecture: string;
  /** Unix time in ms when CLOCK_BOOTTIME was 0: wall clock = this + ns / 1e6. */
  readonly bootWallMs: number;
  /** CLOCK_BOOTTIME when capture began. */
  readonly startedAtNs: number;
  readonly features: readonly Feature[];
  /** Absent in recordings of earlier versions. */
  readonly cost?: CaptureCost;
}

export interface ProcessArguments {
  readonly pid: number;
  readonly argv: readonly string[];
  /** The file it runs was gone from its place already; left out: nobody looked (older recordings). */
  readonly isExeDeleted?: boolean;
}

export interface CgroupPath {
  /** Decimal; the id is 64 bits wide. */
  readonly id: string;
  readonly path: string;
}

export interface KernelStats {
  /** Records sent and lost since start, by record type name. */
  readonly sent: Readonly<Record<string, number>>;
  readonly lost: Readonly<Record<string, number>>;
}
