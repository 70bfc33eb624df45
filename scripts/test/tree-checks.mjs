/** Checks of the source tree itself: layers, circles, dead files, names, sizes, and what must not be written down. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename } from "node:path";
import { inRepo, repoDir } from "../setup/repo.mjs";
import { judgeImport } from "./import-rules.mjs";
import { findCycles, findUnreached, readSources } from "./source-imports.mjs";

/** @typedef {import("./tally.mjs").TestResult} TestResult */

const ENTRIES = [
  "helper/index.ts",
  "cli/index.ts",
  "main/index.ts",
  "preload/index.ts",
  "renderer/index.tsx",
  "renderer/main.tsx",
];
const MAX_LINES = 400;

/** @param {string} title @param {readonly string[]} findings @returns {TestResult} */
const verdict = (title, findings) =>
  findings.length === 0 ? { title, status: "passed" } : { title, status: "failed", detail: findings.join("\n") };

/** Components after their name; everything else in kebab-case. @param {string} file */
function hasGoodName(file) {
  const name = basename(file);
  if (/^[A-Z][A-Za-z0-9]*\.tsx$/.test(name)) return true;
  return /^[a-z0-9]+(-[a-z0-9]+)*(\.worker|\.d)?\.tsx?$/.test(name);
}

/** Text files git knows, with their text. */
function trackedTexts() {
  const list = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: repoDir,
    encoding: "utf8",
  });
  return list
    .split("\0")
    .filter((file) => file !== "")
    .flatMap((file) => {
      try {
        const bytes = readFileSync(inRepo(file));
        return bytes.includes(0) ? [] : [{ file, text: bytes.toString("utf8") }];
      } catch {
        return []; // deleted, not yet committed
      }
    });
}

/** @param {string} path */
const asPattern = (path) => path.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Package hosts differ from user to user (mirrors, proxies); paths of one machine mean nothing on another. */
function forbiddenText() {
  const here = [homedir(), repoDir.replace(/\/$/, "")].map(asPattern).join("|");
  return [
    { what: "a package registry's host", pattern: /\bregistry\.[a-z0-9-]+\.(?:org|com|io|net)\b/i },
    { what: "a distribution's package host", pattern: /\b(?:deb|security|archive)\.(?:debian|ubuntu)\.(?:org|com)\b/i },
    { what: "a path of this machine", pattern: new RegExp(`(?<![\\w./-])(?:${here})/`) },
  ];
}

/** Destinations a user's machine may contact are data, not where we fetch from. */
const isDestinationData = (/** @type {string} */ file) => file.startsWith("resources/rules/");

function checkTexts() {
  const rules = forbiddenText();
  return trackedTexts()
    .filter(({ file }) => !isDestinationData(file))
    .flatMap(({ file, text }) =>
      text
        .split("\n")
        .flatMap((line, index) =>
          rules.filter(({ pattern }) => pattern.test(line)).map(({ what }) => `${file}:${index + 1} names ${what}`),
        ),
    );
}

/** @returns {TestResult[]} */
export function treeChecks() {
  const sources = readSources();
  const all = [...sources].flatMap(([file, { imports }]) => imports.map((imported) => ({ file, imported })));
  const missing = all.filter(({ imported }) => imported.target !== undefined && !sources.has(imported.target));
  return [
    verdict(
      "every layer imports only what it may",
      all.flatMap(({ file, imported }) => judgeImport(file, imported) ?? []),
    ),
    verdict(
      "every import names a file that exists",
      missing
        .filter(({ imported }) => /\.tsx?$/.test(imported.specifier))
        .map(({ file, imported }) => `${file}: ${imported.specifier}`),
    ),
    verdict(
      "no import circles",
      findCycles(sources).map((cycle) => cycle.join(" -> ")),
    ),
    verdict(
      "no barrels",
      all
        .filter(({ imported }) => imported.isReExport)
        .map(({ file, imported }) => `${file} passes on ${imported.specifier}`),
    ),
    verdict(
      "every file is reached from a program",
      findUnreached(
        sources,
        ENTRIES.filter((entry) => sources.has(entry)),
      ).filter((file) => !file.endsWith(".d.ts")),
    ),
    verdict(
      "files are named as agreed",
      [...sources.keys()].filter((file) => !hasGoodName(file)),
    ),
    verdict(
      `no source file is longer than ${MAX_LINES} lines`,
      [...sources].filter(([, { source }]) => source.split("\n").length > MAX_LINES + 1).map(([file]) => file),
    ),
    verdict(
      "exports are named",
      [...sources].filter(([, { source }]) => /^export default\b/m.test(source)).map(([file]) => file),
    ),
    verdict("no package host and no path of one machine is written down", checkTexts()),
  ];
}
