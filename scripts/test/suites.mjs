/** Every suite of `npm test`, in the order they run: quick ones first. */
import { existsSync } from "node:fs";
import { inRepo } from "../setup/repo.mjs";
import { commandTest } from "./command-tests.mjs";
import { fuzzTests } from "./fuzz-tests.mjs";
import { smokeTests } from "./smoke-tests.mjs";
import { treeChecks } from "./tree-checks.mjs";
import { truthTests } from "./truth-tests.mjs";
import { vitestTests } from "./vitest-tests.mjs";
import { vmTests } from "./vm-tests.mjs";

/** @typedef {import("./tally.mjs").TestResult} TestResult */
/**
 * What must be set up before a suite runs. system: packages; built: the
 * helper, the terminal and the kernel's parts; window: that and Electron.
 * @typedef {"modules" | "built" | "window"} Needs
 * @typedef {{ name: string, title: string, needs: Needs, run: () => Promise<TestResult[]> }} Suite
 */

const node = process.execPath;

/** @param {readonly string[]} projects */
async function typeChecks(projects) {
  const results = [];
  for (const project of projects) {
    results.push(
      await commandTest(`tsc -p ${project}`, [node, inRepo("node_modules/typescript/bin/tsc"), "-p", project]),
    );
  }
  return results;
}

/** @param {string} folder */
const hasTests = (folder) => existsSync(inRepo(folder));

/** @param {string} name @param {string} title @param {Needs} needs @returns {Suite} */
const vitestProject = (name, title, needs) => ({
  name,
  title,
  needs,
  run: () => (hasTests(`test/${name}`) ? vitestTests(name, ["--project", name]) : Promise.resolve([])),
});

/** @type {readonly Suite[]} */
export const SUITES = [
  {
    name: "types",
    title: "TypeScript, core, Node and window",
    needs: "modules",
    run: () => typeChecks(["src/core", "tsconfig.node.json", "tsconfig.web.json", "tsconfig.scripts.json"]),
  },
  {
    name: "lint",
    title: "lint and format",
    needs: "modules",
    run: async () => [
      await commandTest("biome", [
        node,
        inRepo("node_modules/@biomejs/biome/bin/biome"),
        "ci",
        "--colors=off",
        "--max-diagnostics=50",
      ]),
    ],
  },
  {
    name: "imports",
    title: "who imports whom, names, sizes",
    needs: "modules",
    run: async () => treeChecks(),
  },
  vitestProject("unit", "parsers, rules, session, window parts", "modules"),
  vitestProject("conformance", "our parsers against Wireshark's", "built"),
  vitestProject("native", "the loader and the helper's parts on this kernel", "built"),
  vitestProject("replay", "recordings through the whole core", "modules"),
  {
    name: "fuzz",
    title: "hostile bytes for every parser, a short run",
    needs: "modules",
    run: fuzzTests,
  },
  {
    name: "smoke",
    title: "npm start in a script",
    needs: "built",
    run: smokeTests,
  },
  {
    name: "truth",
    title: "real traffic with known bytes and names",
    needs: "built",
    run: truthTests,
  },
  {
    name: "vm",
    title: "another kernel, booted",
    needs: "built",
    run: vmTests,
  },
  {
    name: "e2e",
    title: "the real window, the real helper, real polkit",
    needs: "window",
    run: () => vitestTests("e2e", ["--config", "test/e2e/vitest.config.mjs"], 900_000),
  },
];
