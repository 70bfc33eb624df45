/**
 * What a report says, as plain data. The JSON report is this model as it is
 * (docs/schema/report.schema.json); the HTML report words it. Times are ISO
 * 8601 with milliseconds, null where unknown.
 */
import type { ProgramGroup } from "../graph/graph.ts";
import type { Locality, Transport } from "../model/endpoint.ts";
import type { NameSource } from "../model/name-evidence.ts";
import type { Category, OptOut, Verdict } from "../model/verdict.ts";

/** Raised when a reader of an older report would misread a newer one. */
export const REPORT_SCHEMA_VERSION = 1;

export interface Report {
  readonly schemaVersion: typeof REPORT_SCHEMA_VERSION;
  readonly generatedAt: string | null;
  readonly telltaleVersion: string;
  readonly ruleSetVersion: string;
  readonly observation: Observation;
  readonly totals: Totals;
  /** Programs that contacted a destination of a reported category, most telling first. */
  readonly reporting: readonly ReportingProgram[];
  /** Every program and destination seen. */
  readonly contacts: readonly ReportContact[];
  readonly notSeen: readonly Gap[];
}

export interface Observation {
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly durationMs: number;
  readonly kernelRelease: string | null;
  readonly architecture: string | null;
}

export interface Totals {
  readonly programs: number;
  readonly destinations: number;
  readonly flows: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly reportingPrograms: number;
  readonly reportingContacts: number;
}

export interface ReportProgram {
  readonly label: string;
  readonly exe: string | null;
  readonly script: string | null;
  readonly group: ProgramGroup;
}

export interface ReportingProgram extends ReportProgram {
  /** Command line of the newest process, secrets masked; null: not known. */
  readonly argvExample: readonly string[] | null;
  /** Newest first, capped; processCount has the true number. */
  readonly pids: readonly number[];
  readonly processCount: number;
  readonly userIds: readonly number[];
  readonly contacts: readonly ReportContact[];
}

export interface ReportContact {
  readonly program: ReportProgram;
  readonly destination: {
    /** null: only the address is known. */
    readonly name: string | null;
    readonly addresses: readonly string[];
    readonly locality: Locality;
  };
  readonly category: Category;
  readonly confidence: Verdict["confidence"];
  readonly vendor: string | null;
  readonly owner: string | null;
  readonly evidence: string;
  readonly source: string | null;
  readonly ruleId: string | null;
  readonly optOuts: readonly OptOut[];
  readonly nameSource: NameSource | null;
  readonly isNameContradicted: boolean;
  readonly otherNames: readonly { readonly name: string; readonly source: NameSource }[];
  readonly direction: "outbound" | "inbound" | "both";
  readonly services: readonly { readonly transport: Transport; readonly port: number }[];
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly flows: number;
  readonly failedFlows: number;
  readonly lastFailure: string | null;
  readonly firstSeen: string | null;
  readonly lastSeen: string | null;
}

/** Something this report cannot speak about. */
export interface Gap {
  readonly id: string;
  /** One plain sentence. */
  readonly what: string;
  /** The exact reason or number behind it, or null. */
  readonly detail: string | null;
}
