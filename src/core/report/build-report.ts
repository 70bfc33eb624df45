/** Graph and coverage -> report model. Pure: every time comes in as an argument. */
import type { Graph, GraphEdge, GraphNode, ProgramNode } from "../graph/graph.ts";
import { fileOnHost } from "../identity/file-on-host.ts";
import type { Hello } from "../model/capture-facts.ts";
import type { Coverage } from "../model/coverage.ts";
import { isoTime } from "../model/format.ts";
import type { NodeId } from "../model/ids.ts";
import { localityOf } from "../model/locality.ts";
import type { Lookup } from "../model/lookup.ts";
import type { OwningPackage } from "../model/owning-package.ts";
import { CATEGORIES, REPORTED_CATEGORIES } from "../model/verdict.ts";
import { describeGaps } from "./describe-gaps.ts";
import { displayNameOf } from "./flow-json.ts";
import { maskSecrets } from "./mask-secrets.ts";
import { compareTexts, describeProgram, encryptingPrograms, reportLookups } from "./report-lookups.ts";
import {
  REPORT_SCHEMA_VERSION,
  type Report,
  type ReportContact,
  type ReportingProgram,
  type Totals,
} from "./report-model.ts";

export interface ReportInput {
  readonly graph: Graph;
  /** What the processes of each program asked resolvers for; null: nobody is known to have asked. */
  readonly lookups: ReadonlyMap<NodeId | null, readonly Lookup[]>;
  /** By file, where the machine the programs ran on could be asked. */
  readonly packages: ReadonlyMap<string, OwningPackage>;
  readonly coverage: Coverage;
  /** null: the helper never introduced itself (nothing was captured). */
  readonly hello: Hello | null;
  readonly startedAtNs: number;
  readonly endedAtNs: number;
  readonly bootWallMs: number;
  readonly generatedAtMs: number;
  readonly telltaleVersion: string;
  readonly ruleSetVersion: string;
}

/** Enough to find a process again; a fork server can have thousands. */
const MAX_PIDS = 16;

interface Contact {
  readonly edge: GraphEdge;
  readonly program: ProgramNode;
  /** A destination, or a program of this machine. */
  readonly target: GraphNode;
}

export function buildReport(input: ReportInput): Report {
  const { graph, bootWallMs, hello } = input;
  const contacts = contactsOf(graph).sort(byProgramThenDestination);
  const reporting = reportingPrograms(contacts, input);
  return {
    schemaVersion: REPORT_SCHEMA_VERSION,
    generatedAt: isoTime(input.generatedAtMs, 0),
    telltaleVersion: input.telltaleVersion,
    ruleSetVersion: input.ruleSetVersion,
    observation: {
      // Without a hello nobody told when boot was, and the times would be invented.
      startedAt: hello === null ? null : isoTime(bootWallMs, input.startedAtNs),
      endedAt: hello === null ? null : isoTime(bootWallMs, input.endedAtNs),
      durationMs: Math.max(0, Math.round((input.endedAtNs - input.startedAtNs) / 1e6)),
      kernelRelease: hello?.kernelRelease ?? null,
      architecture: hello?.architecture ?? null,
    },
    totals: totalsOf(graph, contacts, reporting),
    reporting,
    contacts: contacts.map((contact) => describeContact(contact, bootWallMs)),
    lookups: reportLookups(graph, input.lookups, bootWallMs),
    encryptedDns: encryptingPrograms(graph),
    notSeen: describeGaps(graph, input.coverage, hello),
  };
}

function contactsOf(graph: Graph): Contact[] {
  const contacts: Contact[] = [];
  for (const edge of graph.edges.values()) {
    const program = graph.nodes.get(edge.source);
    const target = graph.nodes.get(edge.target);
    if (program?.kind === "program" && target !== undefined) contacts.push({ edge, program, target });
  }
  return contacts;
}

function byProgramThenDestination(a: Contact, b: Contact): number {
  return (
    compareTexts(a.program.label, b.program.label) ||
    compareTexts(a.program.id, b.program.id) ||
    b.edge.bytesSent - a.edge.bytesSent ||
    compareTexts(a.target.label, b.target.label)
  );
}

/** Who merely listened did not send a report: inbound contacts are listed with all others, not here. */
const isReporting = ({ edge }: Contact): boolean =>
  REPORTED_CATEGORIES.has(edge.verdict.category) && edge.direction !== "inbound";

const isAttempt = ({ edge }: Contact): boolean => edge.flowCount > 0 && edge.failedCount >= edge.flowCount;

/** Known before suspected, contacts before mere attempts, then by how much a person would care, then by what was sent. */
function byImportance(a: Contact, b: Contact): number {
  return (
    Number(a.edge.verdict.confidence !== "confirmed") - Number(b.edge.verdict.confidence !== "confirmed") ||
    Number(isAttempt(a)) - Number(isAttempt(b)) ||
    CATEGORIES.indexOf(a.edge.verdict.category) - CATEGORIES.indexOf(b.edge.verdict.category) ||
    byProgramThenDestination(a, b)
  );
}

function reportingPrograms(
  contacts: readonly Contact[],
  { bootWallMs, packages }: ReportInput,
): readonly ReportingProgram[] {
  const byProgram = new Map<ProgramNode, Contact[]>();
  for (const contact of contacts.filter(isReporting).sort(byImportance)) {
    byProgram.set(contact.program, [...(byProgram.get(contact.program) ?? []), contact]);
  }
  return [...byProgram].map(([program, ofProgram]) => ({
    ...describeProgram(program),
    container: program.container,
    unit: program.unit,
    bundle: program.bundle,
    package: packages.get(fileOnHost(program) ?? "") ?? null,
    helpers: program.helpers,
    isExeDeleted: program.isExeDeleted,
    argvExample: exampleArguments(program),
    pids: program.processes.slice(0, MAX_PIDS).map((process) => process.pid),
    processCount: program.processCount,
    userIds: [...new Set(program.processes.flatMap((process) => process.uid ?? []))].sort((a, b) => a - b),
    contacts: ofProgram.map((contact) => describeContact(contact, bootWallMs)),
  }));
}

function exampleArguments(program: ProgramNode): readonly string[] | null {
  const argv = program.processes.find((process) => process.argv !== null)?.argv;
  return argv === undefined || argv === null ? null : maskSecrets(argv);
}

/** A program of this machine is told by how it is reached. */
function describeTarget({ edge, target }: Contact): ReportContact["destination"] {
  if (target.kind === "program") {
    const { name, addresses } = edge.peer ?? { name: null, addresses: [] };
    return { name, ...displayNameOf(name), candidates: [], addresses, locality: localityOf(addresses[0] ?? "") };
  }
  const name = target.isNamed && target.candidates.length === 0 ? target.label : null;
  const { candidates, addresses, locality } = target;
  return { name, ...displayNameOf(name), candidates, addresses, locality };
}

const toUs = (ns: number | null): number | null => (ns === null ? null : Math.round(ns / 1e3));

function describeContact(contact: Contact, bootWallMs: number): ReportContact {
  const { edge, program, target } = contact;
  const { verdict } = edge;
  return {
    program: describeProgram(program),
    destination: describeTarget(contact),
    peer: target.kind === "program" ? describeProgram(target) : null,
    answeredBy: edge.answeredBy,
    category: verdict.category,
    confidence: verdict.confidence,
    vendor: verdict.vendor,
    owner: verdict.owner,
    evidence: verdict.evidence,
    source: verdict.source,
    ruleId: verdict.ruleId,
    optOuts: verdict.optOuts,
    nameSource: edge.nameSource,
    nameAgeMs: edge.nameAgeNs === null ? null : Math.round(edge.nameAgeNs / 1e6),
    isNameContradicted: edge.isContradicted,
    otherNames: edge.otherNames.map(({ name, source }) => ({ name, source })),
    ech: edge.ech,
    hops: edge.hops,
    encryptedDns: edge.encryptedDns,
    direction: edge.direction,
    services: edge.services,
    bytesSent: edge.bytesSent,
    bytesReceived: edge.bytesReceived,
    flows: edge.flowCount,
    failedFlows: edge.failedCount,
    lastFailure: edge.lastFailure,
    brokenFlows: edge.brokenCount,
    handshakeUs: toUs(edge.handshakeNs),
    rttUs: edge.rttUs,
    retransmits: edge.retransmits,
    firstSeen: isoTime(bootWallMs, edge.firstSeenNs),
    lastSeen: isoTime(bootWallMs, edge.lastSeenNs),
  };
}

function totalsOf(graph: Graph, contacts: readonly Contact[], reporting: readonly ReportingProgram[]): Totals {
  const nodes = [...graph.nodes.values()];
  const sum = (count: (edge: GraphEdge) => number): number =>
    contacts.reduce((total, contact) => total + count(contact.edge), 0);
  return {
    programs: nodes.filter((node) => node.kind === "program").length,
    destinations: nodes.filter((node) => node.kind === "destination").length,
    flows: sum((edge) => edge.flowCount),
    bytesSent: sum((edge) => edge.bytesSent),
    bytesReceived: sum((edge) => edge.bytesReceived),
    reportingPrograms: reporting.length,
    reportingContacts: reporting.reduce((total, program) => total + program.contacts.length, 0),
  };
}
