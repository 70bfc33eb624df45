/**
 * Who may import whom. One row a layer of src/: what it may take values from,
 * and what it may take types from (which vanish when built). `node:` and npm
 * packages are named likewise: a package that is not in the row is refused.
 */

/**
 * @typedef {{ values: readonly string[], types: readonly string[], hasNode: boolean, packages: readonly string[] | "any" }} LayerRule
 * Entries are path prefixes below src/.
 */

/** @type {Readonly<Record<string, LayerRule>>} */
export const LAYERS = {
  core: {
    values: ["core/"],
    types: ["core/"],
    hasNode: false,
    packages: ["punycode"], // docs/decisions 10
  },
  contract: { values: ["contract/"], types: ["contract/", "core/"], hasNode: false, packages: [] },
  engine: {
    values: ["engine/", "core/", "contract/"],
    types: ["helper/native.ts"],
    hasNode: true,
    packages: ["@vscode/sudo-prompt"],
  },
  helper: {
    values: ["helper/", "contract/helper-protocol.ts"],
    types: ["contract/", "core/model/"],
    hasNode: true,
    packages: [],
  },
  main: {
    values: ["main/", "engine/", "core/", "contract/"],
    types: ["helper/native.ts"],
    hasNode: true,
    packages: ["electron"],
  },
  cli: { values: ["cli/", "engine/", "core/", "contract/"], types: ["helper/native.ts"], hasNode: true, packages: [] },
  preload: { values: ["preload/", "contract/"], types: [], hasNode: false, packages: ["electron"] },
  renderer: { values: ["renderer/", "contract/", "core/model/"], types: ["core/"], hasNode: false, packages: "any" },
};

/** The renderer is sandboxed: it speaks through preload only. */
const NEVER_IN_RENDERER = ["electron"];

/** @param {string} specifier */
function packageName(specifier) {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

/**
 * @param {string} file below src/, as "core/graph/graph.ts"
 * @param {{ specifier: string, target: string | undefined, isTypeOnly: boolean }} imported target: below src/, for a relative import
 * @returns {string | undefined} what is wrong
 */
export function judgeImport(file, { specifier, target, isTypeOnly }) {
  const layer = file.split("/", 1)[0] ?? "";
  const rule = LAYERS[layer];
  if (rule === undefined) return `${file}: src/${layer} has no row in the import rules`;
  const refusal = `${file} may not import ${specifier}`;
  if (specifier.startsWith(".")) {
    if (target === undefined) return `${refusal}: it leads out of src/`;
    const allowed = isTypeOnly ? [...rule.values, ...rule.types] : rule.values;
    return allowed.some((prefix) => target.startsWith(prefix)) ? undefined : refusal;
  }
  if (specifier.startsWith("node:")) return rule.hasNode ? undefined : refusal;
  const name = packageName(specifier);
  if (rule.packages === "any") return NEVER_IN_RENDERER.includes(name) ? refusal : undefined;
  return rule.packages.includes(name) ? undefined : refusal;
}
