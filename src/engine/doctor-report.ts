/** What doctor says: docs/schema/doctor.schema.json describes it for programs. */
import type { CaptureCost, Feature } from "../core/model/coverage.ts";

export interface DoctorCheck {
  readonly id: string;
  readonly title: string;
  readonly isOk: boolean;
  /** Without it there is no capture at all; else only a part is missing. */
  readonly isRequired: boolean;
  readonly found: string;
  /** What does not work without it. */
  readonly need: string;
  /** What to do; null when nothing is to do. */
  readonly fix: string | null;
}

/** What came of loading and attaching everything, and detaching it again. */
export interface ProbeReport {
  /** null: there is an answer; else why there is none. */
  readonly problem: { readonly code: string; readonly detail: string | null } | null;
  readonly hooks: readonly Feature[];
  /** null: it did not come to that. */
  readonly cost: CaptureCost | null;
}

export interface DoctorReport {
  /** Raised when a field changes its meaning. */
  readonly schemaVersion: 1;
  readonly canCapture: boolean;
  readonly checks: readonly DoctorCheck[];
  /** null: nothing was loaded, as only `--probe` does. */
  readonly probe: ProbeReport | null;
}
