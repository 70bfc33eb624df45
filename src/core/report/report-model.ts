/**
 * What a report says, as plain data. The JSON report is this model as it is
 * (docs/schema/report.schema.json); the HTML report words it. Times are ISO
 * 8601 with milliseconds, null where unknown.
 */
import type { ProgramGroup } from "../graph/graph.ts";
import type { Locality, Transport } from "../model/endpoint.ts";
import type { LookupOutcome, LookupVia } from "../model/lookup.ts";
import type { EchState, EncryptedDns, NameSource } from "../model/name-evidence.ts";
import type { OwningPackage } from "../model/owning-package.ts";
import type { Bundle, NamedContainer, SystemdUnit } from "../model/process-context.ts";
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
  /** Names asked for that no contact tells about. */
  readonly lookups: {
    readonly failed: LookupList;
    readonly neverContacted: LookupList;
  };
  /** Programs whose lookups are encrypted, so that they are not among the lookups. */
  readonly encryptedDns: readonly EncryptingProgram[];
  readonly notSeen: readonly Gap[];
}

export interface LookupList {
  /** Newest first, capped; count has the true number. */
  readonly items: readonly ReportLookup[];
  readonly count: number;
}

/** One name and outcome of one program, over all its processes. */
export interface ReportLookup {
  /** null: the kernel did not tell who asked. */
  readonly program: ReportProgram | null;
  readonly name: string;
  readonly displayName?: string;
  readonly via: LookupVia;
  /** The last one asked; null for the C library. */
  readonly resolver: string | null;
  readonly types: readonly string[];
  readonly outcome: LookupOutcome;
  readonly failure: string | null;
  readonly count: number;
  readonly firstAsked: string | null;
  readonly lastAsked: string | null;
}

export interface EncryptingProgram extends ReportProgram {
  readonly resolvers: readonly EncryptedDns[];
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
  readonly container: NamedContainer | null;
  readonly unit: SystemdUnit | null;
  readonly bundle: Bundle | null;
  /** The package its executable's path belongs to; null: none, or this is not the machine it was seen on. */
  readonly package: OwningPackage | null;
  /** Helper processes it works through. */
  readonly helpers: readonly string[];
  /** A process of it runs a file that is gone from its place. */
  readonly isExeDeleted: boolean;
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
    /** null: see candidates, else only the address is known. */
    readonly name: string | null;
    /** The name as people write it, where that differs and is safe to show. */
    readonly displayName?: string;
    /** Names that share the address and cannot be told apart. */
    readonly candidates: readonly string[];
    readonly addresses: readonly string[];
    readonly locality: Locality;
  };
  /** The program at the other end, where that is on this machine; destination then tells how it is reached. */
  readonly peer: ReportProgram | null;
  /** The destination is a name, and this program of this machine answered under it. */
  readonly answeredBy: string | null;
  readonly category: Category;
  readonly confidence: Verdict["confidence"];
  readonly vendor: string | null;
  readonly owner: string | null;
  readonly evidence: string;
  readonly source: string | null;
  readonly ruleId: string | null;
  readonly optOuts: readonly OptOut[];
  readonly nameSource: NameSource | null;
  /** How old the name was when the newest connection was opened; negative: it came later. */
  readonly nameAgeMs: number | null;
  readonly isNameContradicted: boolean;
  readonly otherNames: readonly { readonly name: string; readonly source: NameSource }[];
  readonly ech: EchState | null;
  /** Proxies the connections go through, at most 8. */
  readonly hops: readonly string[];
  readonly encryptedDns: EncryptedDns | null;
  readonly direction: "outbound" | "inbound" | "both";
  readonly services: readonly { readonly transport: Transport; readonly port: number }[];
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly flows: number;
  readonly failedFlows: number;
  readonly lastFailure: string | null;
  /** Open connections that broke off: reset, timed out. */
  readonly brokenFlows: number;
  /** Of the newest TCP connection that told them. */
  readonly handshakeUs: number | null;
  readonly rttUs: number | null;
  /** TCP segments sent again, of all connections. */
  readonly retransmits: number;
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
