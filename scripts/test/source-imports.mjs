/** Reads the imports of our own sources. Biome keeps them in one shape, so that patterns suffice. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { inRepo } from "../setup/repo.mjs";

/** @typedef {{ specifier: string, target: string | undefined, isTypeOnly: boolean, isReExport: boolean }} SourceImport */

const STATEMENT = /^\s*(import|export)\s+(type\s+)?(?:([^"';]*?)\s*from\s*)?"([^"]+)"/gm;
const DYNAMIC = /\bimport\(\s*"([^"]+)"\s*\)/g;
const WORKER = /new URL\(\s*"([^"]+\.tsx?)"\s*,\s*import\.meta\.url\s*\)/g;

/** `{ type A, type B }` vanishes like `type { A, B }`. @param {string} clause */
function bringsOnlyTypes(clause) {
  const names = /^\{([^}]*)\}$/s.exec(clause.trim())?.[1];
  if (names === undefined) return false;
  return names.split(",").every((name) => name.trim() === "" || /^type\s/.test(name.trim()));
}

/**
 * @param {string} file below src/
 * @param {string} source
 * @returns {SourceImport[]}
 */
export function parseImports(file, source) {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
  const place = (/** @type {string} */ specifier) => {
    if (!specifier.startsWith(".")) return undefined;
    const target = normalize(join(dirname(file), specifier));
    return target.startsWith("..") ? undefined : target;
  };
  const statements = [...code.matchAll(STATEMENT)].map(([, keyword, type, clause = "", specifier = ""]) => ({
    specifier,
    target: place(specifier),
    isTypeOnly: type !== undefined || bringsOnlyTypes(clause),
    isReExport: keyword === "export",
  }));
  const loaded = [...code.matchAll(DYNAMIC), ...code.matchAll(WORKER)].map(([, specifier = ""]) => ({
    specifier,
    target: place(specifier),
    isTypeOnly: false,
    isReExport: false,
  }));
  return [...statements, ...loaded];
}

/** @returns {Map<string, { source: string, imports: SourceImport[] }>} by path below src/ */
export function readSources() {
  const srcDir = inRepo("src");
  const files = readdirSync(srcDir, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(srcDir, join(entry.parentPath ?? entry.path, entry.name)))
    .sort();
  return new Map(
    files.map((file) => {
      const source = readFileSync(join(srcDir, file), "utf8");
      return [file, { source, imports: parseImports(file, source) }];
    }),
  );
}

/**
 * Circles of imports, those of types too: they vanish when built, but not for a reader.
 * @param {Map<string, { imports: readonly SourceImport[] }>} sources
 * @returns {string[][]}
 */
export function findCycles(sources) {
  /** @type {string[][]} */
  const cycles = [];
  const done = new Set();
  /** @param {string} file @param {string[]} path */
  const visit = (file, path) => {
    const start = path.indexOf(file);
    if (start >= 0) {
      cycles.push([...path.slice(start), file]);
      return;
    }
    if (done.has(file)) return;
    for (const { target } of sources.get(file)?.imports ?? []) {
      if (target !== undefined && sources.has(target)) visit(target, [...path, file]);
    }
    done.add(file);
  };
  for (const file of sources.keys()) visit(file, []);
  return cycles;
}

/**
 * Files that nothing reaches from the programs' entries.
 * @param {Map<string, { imports: readonly SourceImport[] }>} sources
 * @param {readonly string[]} entries
 */
export function findUnreached(sources, entries) {
  const reached = new Set();
  const waiting = [...entries];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (reached.has(file)) continue;
    reached.add(file);
    for (const { target } of sources.get(file)?.imports ?? []) if (target !== undefined) waiting.push(target);
  }
  return [...sources.keys()].filter((file) => !reached.has(file));
}
