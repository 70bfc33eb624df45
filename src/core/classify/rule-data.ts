/**
 * The curated facts behind verdicts: resources/rules/*.json, our own format
 * (rules.schema.json), read by a shell and narrowed here. A bad file is a bug
 * of ours or of an edit, so parsing throws and says where.
 */
import { CATEGORIES, type Category, type OptOut } from "../model/verdict.ts";
import { fail, parseArray, parseChoice, parseNullableText, parseObject, parseText, parseTexts } from "./narrow-json.ts";

const FORMAT = 1;

export interface RuleSource {
  readonly url: string | null;
  /** Where the host name itself was found ("npm next-16.4.6: ..."), or null: not checked. */
  readonly seenIn: string | null;
  /** Year and month the fact was last checked. */
  readonly checked: string;
}

/** One destination we know: a receiver, behind one or more host names. */
export interface Service {
  readonly id: string;
  readonly vendor: string;
  /** Where it differs from the owner of the domain. */
  readonly owner: string | null;
  readonly category: Category;
  /** Exact host, or `*.suffix` for every name below it. */
  readonly hosts: readonly string[];
  /** Names of programs the rule is limited to; null: whoever asks. For hosts that many programs share. */
  readonly programs: readonly string[] | null;
  /** Completes "api.segment.io ..."; null: worded from category and vendor. */
  readonly says: string | null;
  readonly confidence: "confirmed" | "suspected";
  readonly source: RuleSource;
  readonly optOuts: readonly OptOut[];
}

/** A documented switch of a program, whatever host it talks to. */
export interface ProgramOptOut {
  /** Base names of executables, or package names for scripts run by an interpreter. */
  readonly executables: readonly string[];
  readonly covers: "usage" | "crashes" | "updates";
  readonly optOut: OptOut;
}

/** Who answers lookups over HTTPS (RFC 8484), by its own published list of hosts. */
export interface EncryptedResolver {
  readonly operator: string;
  /** Exact host, or `*.suffix` for every name below it; the first is the one to show for an address. */
  readonly hosts: readonly string[];
  /** Addresses that serve nothing else. */
  readonly addresses: readonly string[];
  readonly source: Pick<RuleSource, "url" | "checked">;
}

export interface RuleData {
  /** Date of the rule set, printed in reports. */
  readonly version: string;
  readonly services: readonly Service[];
  readonly programOptOuts: readonly ProgramOptOut[];
  readonly encryptedResolvers: readonly EncryptedResolver[];
  /** Domain -> owner. A domain speaks for every name below it. */
  readonly owners: ReadonlyMap<string, string>;
}

/** The parsed JSON of services.json, programs.json, encrypted-dns.json and owners.json; throws with the place of the first fault. */
export function parseRuleData(files: unknown): RuleData {
  const { services, programs, owners, encryptedDns } = parseObject(files, "rules");
  const serviceFile = parseFile(services, "services.json");
  const programFile = parseFile(programs, "programs.json");
  const ownerFile = parseFile(owners, "owners.json");
  const resolverFile = parseFile(encryptedDns, "encrypted-dns.json");
  const parsed = {
    version: parseText(serviceFile.version, "services.json: version"),
    services: parseArray(serviceFile.services, "services.json: services", parseService),
    programOptOuts: parseArray(programFile.optOuts, "programs.json: optOuts", parseProgramOptOut),
    encryptedResolvers: parseArray(resolverFile.resolvers, "encrypted-dns.json: resolvers", parseResolver),
    owners: parseOwners(ownerFile.owners),
  };
  refuseDuplicates(parsed.services);
  return parsed;
}

function parseFile(value: unknown, name: string): Record<string, unknown> {
  const file = parseObject(value, name);
  if (file.format !== FORMAT) fail(`${name}: format`, String(FORMAT), file.format);
  return file;
}

function parseService(value: unknown, place: string): Service {
  const service = parseObject(value, place);
  const at = (field: string): string => `${place}.${field}`;
  const hosts = parseTexts(service.hosts, at("hosts"));
  for (const host of hosts) {
    if (!HOST_PATTERN.test(host)) fail(at("hosts"), "lower-case host names or *.suffix", host);
  }
  return {
    id: parseText(service.id, at("id")),
    vendor: parseText(service.vendor, at("vendor")),
    owner: parseNullableText(service.owner, at("owner")),
    category: parseChoice(service.category, CATEGORIES, at("category")),
    hosts,
    programs: service.programs === undefined ? null : parseTexts(service.programs, at("programs")),
    says: parseNullableText(service.says, at("says")),
    confidence: parseChoice(service.confidence, ["confirmed", "suspected"] as const, at("confidence")),
    source: parseSource(service.source, at("source")),
    optOuts: parseArray(service.optOuts, at("optOuts"), parseOptOut),
  };
}

/** Labels of letters, digits and hyphens; at least two, since a rule for a whole top-level domain is a mistake. */
const HOST_PATTERN = /^(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]+$/;

function parseResolver(value: unknown, place: string): EncryptedResolver {
  const resolver = parseObject(value, place);
  const hosts = parseTexts(resolver.hosts, `${place}.hosts`);
  for (const host of hosts) {
    if (!HOST_PATTERN.test(host)) fail(`${place}.hosts`, "lower-case host names or *.suffix", host);
  }
  const source = parseObject(resolver.source, `${place}.source`);
  return {
    operator: parseText(resolver.operator, `${place}.operator`),
    hosts,
    addresses: parseArray(resolver.addresses, `${place}.addresses`, parseText),
    source: {
      url: parseNullableText(source.url, `${place}.source.url`),
      checked: parseText(source.checked, `${place}.source.checked`),
    },
  };
}

function parseSource(value: unknown, place: string): RuleSource {
  const source = parseObject(value, place);
  return {
    url: parseNullableText(source.url, `${place}.url`),
    seenIn: parseNullableText(source.seenIn, `${place}.seenIn`),
    checked: parseText(source.checked, `${place}.checked`),
  };
}

function parseOptOut(value: unknown, place: string): OptOut {
  const optOut = parseObject(value, place);
  return {
    app: parseText(optOut.app, `${place}.app`),
    kind: parseChoice(optOut.kind, ["env", "command", "config", "ui"] as const, `${place}.kind`),
    instruction: parseText(optOut.instruction, `${place}.instruction`),
    source: parseNullableText(optOut.source, `${place}.source`),
  };
}

function parseProgramOptOut(value: unknown, place: string): ProgramOptOut {
  const { executables, covers } = parseObject(value, place);
  return {
    executables: parseTexts(executables, `${place}.executables`),
    covers: parseChoice(covers, ["usage", "crashes", "updates"] as const, `${place}.covers`),
    optOut: parseOptOut(value, place),
  };
}

function parseOwners(value: unknown): ReadonlyMap<string, string> {
  const place = "owners.json: owners";
  return new Map(
    Object.entries(parseObject(value, place)).map(([domain, owner]) => [
      domain,
      parseText(owner, `${place}.${domain}`),
    ]),
  );
}

/** Two rules for the same host and program would make the verdict depend on their order in the file. */
function refuseDuplicates(services: readonly Service[]): void {
  const seen = new Map<string, string>();
  for (const service of services) {
    const claims = service.hosts.flatMap((host) => (service.programs ?? [""]).map((program) => `${program}@${host}`));
    for (const claim of [`id ${service.id}`, ...claims]) {
      const earlier = seen.get(claim);
      if (earlier !== undefined) {
        throw new Error(`services.json: ${service.id} and ${earlier} both claim ${claim}`);
      }
      seen.set(claim, service.id);
    }
  }
}
