/**
 * Makes resources/rules/services.json and programs.json from two collected
 * tables and the decisions in rules-curation.json. The result is checked in;
 * neither the build nor a test runs this.
 *
 *   node scripts/import-rules.mjs DIR    (DIR holds telemetry-endpoints.csv and opt-outs.csv)
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const VERSION = "2026-11-23";
const CHECKED = "2026-11";
/** A fact collected in 2023 by toptout and not checked again. */
const TOPTOUT_CHECKED = "2023";

const CATEGORY_OF = {
  "service-api+telemetry": "content",
  "update-check+telemetry": "update-check",
  "update-check+heartbeat": "update-check",
  "feature-flags+analytics": "feature-flags",
  "telemetry+crash-reporting": "telemetry",
  "session-replay": "analytics",
  "install-analytics": "analytics",
};

const COVERS_OF = { usage_data: "usage", error_report: "crashes", update_check: "updates" };

const directory = process.argv[2];
if (directory === undefined) {
  console.error("usage: node scripts/import-rules.mjs DIR");
  process.exit(2);
}
const here = import.meta.dirname;
const curation = JSON.parse(readFileSync(join(here, "rules-curation.json"), "utf8"));
const rulesDir = join(here, "..", "resources", "rules");

/** RFC 4180: quoted fields may hold commas, doubled quotes and line breaks. */
function parseCsv(text) {
  const rows = [[""]];
  let isQuoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const character = text[i];
    const row = rows[rows.length - 1];
    if (isQuoted) {
      if (character !== '"') row[row.length - 1] += character;
      else if (text[i + 1] === '"') {
        row[row.length - 1] += '"';
        i += 1;
      } else isQuoted = false;
    } else if (character === '"') isQuoted = true;
    else if (character === ",") row.push("");
    else if (character === "\n") rows.push([""]);
    else if (character !== "\r") row[row.length - 1] += character;
  }
  const [header, ...body] = rows.filter((row) => row.length > 1);
  return body.map((row) => Object.fromEntries(header.map((name, i) => [name, row[i] ?? ""])));
}

/** A decision about one row: by `host|app` when several apps share the host, else by host. */
const decided = (table, row) => table[`${row.domain}|${row.app_or_vendor}`] ?? table[row.domain];

const plainName = (text) => text.replace(/\s*\(.*?\)/g, "").trim();
const slug = (text) =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");

/** One clause of a collected opt-out; null where it tells a reader nothing to do. */
function parseOptOut(clause, app, source) {
  const text = clause.trim();
  if (text === "" || /^(app-specific|unknown)/.test(text)) return null;
  const env = /^(?:env )?([A-Z][A-Z0-9_]+=\S+)$/.exec(text);
  if (env) return { app, kind: "env", instruction: `export ${env[1]}`, source };
  const isUi = / > |^(GUI|Settings|Preferences|Privacy Mode|do not|leave|interactive)/.test(text);
  if (isUi) return { app, kind: "ui", instruction: text, source };
  if (/^--/.test(text)) return { app, kind: "command", instruction: `start with ${text}`, source };
  if (/^(config|settings?|file|prop|VS Code setting|disable app|policy) /.test(text)) {
    return { app, kind: "config", instruction: text.replace(/^(config|settings?|prop) /, ""), source };
  }
  if (/^[\w.[\]]+\s*[=:]\s*\S/.test(text) || /^[\w.]+=/.test(text))
    return { app, kind: "config", instruction: text, source };
  return { app, kind: "command", instruction: text, source };
}

function optOutsOf(row, app) {
  const curated = decided(curation.optOuts, row);
  if (curated !== undefined) return curated.map((optOut) => ({ source: row.source, ...optOut }));
  return row.opt_out
    .split(";")
    .map((clause) => parseOptOut(clause, app, row.source))
    .filter((optOut) => optOut !== null);
}

function serviceOf(row) {
  const vendor = decided(curation.vendors, row) ?? plainName(row.app_or_vendor);
  const programs = decided(curation.programs, row);
  const says = decided(curation.says, row);
  const isVerified = row.verified === "yes";
  return {
    id: slug(programs === undefined ? row.domain : `${programs[0]}-${row.domain}`),
    vendor,
    category: decided(curation.categories, row) ?? CATEGORY_OF[row.category] ?? row.category,
    hosts: [row.domain],
    ...(programs === undefined ? {} : { programs }),
    ...(says === undefined ? {} : { says }),
    confidence: isVerified ? "confirmed" : "suspected",
    source: {
      url: row.source.startsWith("http") ? row.source : null,
      seenIn: isVerified ? row.verified_in : null,
      checked: CHECKED,
    },
    optOuts: optOutsOf(row, plainName(row.app_or_vendor)),
  };
}

function importServices() {
  const extraHosts = new Set(["api.segment.io|mongosh (MongoDB Shell)"]);
  for (const service of curation.extraServices) {
    if (service.programs === undefined) for (const host of service.hosts) extraHosts.add(host);
  }
  const services = parseCsv(readFileSync(join(directory, "telemetry-endpoints.csv"), "utf8"))
    .filter((row) => decided(curation.leaveOut, row) === undefined)
    .filter((row) => decided(curation.programs, row) !== undefined || !extraHosts.has(row.domain))
    .filter((row) => !extraHosts.has(`${row.domain}|${row.app_or_vendor}`))
    .map(serviceOf);
  const extra = curation.extraServices.map((service) => ({
    ...service,
    optOuts: service.optOuts.map((optOut) => ({ source: service.source.url, ...optOut })),
  }));
  return [...extra, ...services].sort((a, b) => a.id.localeCompare(b.id, "en"));
}

const quoteArgument = (argument) => (/^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument}'`);

function programInstruction(row) {
  const mechanism = row.mechanism.split(":")[0];
  const value = row.opt_out_value === "ANY_VALUE" ? "1" : row.opt_out_value;
  if (mechanism === "env") return { kind: "env", instruction: `export ${row.setting}=${value}` };
  if (mechanism === "exec") {
    return { kind: "command", instruction: [row.setting, ...JSON.parse(value).map(quoteArgument)].join(" ") };
  }
  // The other file kinds give a value without its key: nothing a reader could act on.
  if (mechanism === "plain_file" && /[=:(]/.test(value)) {
    return { kind: "config", instruction: `In ${row.setting}: ${value.replace(/\s+/g, " ")}` };
  }
  return null;
}

function importPrograms() {
  const entries = [...curation.extraProgramOptOuts];
  for (const row of parseCsv(readFileSync(join(directory, "opt-outs.csv"), "utf8"))) {
    if (row.executables === "" || curation.leaveOutPrograms.includes(row.app_id)) continue;
    const instruction = programInstruction(row);
    if (instruction === null) continue;
    entries.push({
      app: row.app_name,
      executables: row.executables.split(/[ ,;]+/).map((path) => path.split("/").pop()),
      covers: COVERS_OF[row.telemetry_kind.split("/")[0]] ?? "usage",
      ...instruction,
      source: row.link,
    });
  }
  return entries.sort((a, b) => a.app.localeCompare(b.app, "en"));
}

const write = (name, value) => writeFileSync(join(rulesDir, name), `${JSON.stringify(value, null, 1)}\n`);
const services = importServices();
const optOuts = importPrograms();
write("services.json", { format: 1, version: VERSION, services });
write("programs.json", { format: 1, version: VERSION, checked: TOPTOUT_CHECKED, optOuts });
console.log(`${services.length} services, ${optOuts.length} program opt-outs`);
