/** What doctor says: docs/schema/doctor.schema.json describes it for programs. */
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

export interface DoctorReport {
  /** Raised when a field changes its meaning. */
  readonly schemaVersion: 1;
  readonly canCapture: boolean;
  readonly checks: readonly DoctorCheck[];
}
