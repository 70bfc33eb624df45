// @ts-check
/**
 * An apt of its own, for any release and machine of Debian: this system's
 * sources, lists and packages stay as they are. It downloads and unpacks;
 * nothing is installed.
 */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findProgram, run } from "../setup/run.mjs";
import { SetupError } from "../setup/say.mjs";

const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";
const FETCH_LIMIT_MS = 600_000;

/** @typedef {"amd64" | "arm64"} DebianMachine */
/** @typedef {{ suites: readonly string[], machine: DebianMachine, dir: string }} Source dir: where its lists and archives are kept */

/** Why there is none here, or undefined. */
function aptObstacle() {
  if (findProgram("apt-get") === undefined || findProgram("dpkg-deb") === undefined) return "needs Debian's apt";
  return existsSync(KEYRING) ? undefined : "needs Debian's archive keyring";
}

/** The mirrors this system's apt uses, by what they hold. */
async function mirrors() {
  const listed = await run(["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"]);
  const find = (/** @type {string} */ ending) =>
    listed.split("\n").find((uri) => uri.replace(/\/$/, "").endsWith(ending));
  return { main: find("/debian"), security: find("/debian-security") };
}

/** Options that make apt ours. @param {Source} source */
async function aptOptions({ suites, machine, dir }) {
  for (const part of ["lists/partial", "archives/partial"]) mkdirSync(join(dir, part), { recursive: true });
  const { main, security } = await mirrors();
  const lines = suites.flatMap((suite) => {
    const base = suite.endsWith("-security") ? security : main;
    return base === undefined ? [] : `deb [arch=${machine} signed-by=${KEYRING}] ${base} ${suite} main`;
  });
  writeFileSync(join(dir, "sources.list"), `${lines.join("\n")}\n`);
  writeFileSync(join(dir, "status"), ""); // nothing is installed: dependencies are told completely
  const settings = {
    "Dir::Etc::sourcelist": join(dir, "sources.list"),
    "Dir::Etc::sourceparts": "/dev/null",
    "Dir::State::lists": join(dir, "lists"),
    "Dir::State::status": join(dir, "status"),
    "Dir::Cache": dir,
    "APT::Architecture": machine,
    "APT::Architectures": machine,
    "APT::Sandbox::User": "root",
    "APT::Install-Recommends": "false",
  };
  return Object.entries(settings).flatMap(([key, value]) => ["-o", `${key}=${value}`]);
}

/**
 * @param {Source} source
 * @returns {Promise<{ newest: (pattern: string) => Promise<string | undefined>, unpack: (names: readonly string[], target: string) => Promise<void>, unpackWithDependencies: (names: readonly string[], target: string) => Promise<void> }>}
 * newest: the package whose name fits the pattern and has the highest number
 */
export async function privateApt(source) {
  const obstacle = aptObstacle();
  if (obstacle !== undefined) throw new SetupError(`Other kernels are fetched by apt: ${obstacle}`);
  const options = await aptOptions(source);
  const archives = join(source.dir, "archives");
  await run(["apt-get", ...options, "-qq", "update"], { timeoutMs: FETCH_LIMIT_MS });
  const unpackAll = async (/** @type {string} */ from, /** @type {string} */ target) => {
    mkdirSync(target, { recursive: true });
    for (const name of readdirSync(from).filter((file) => file.endsWith(".deb"))) {
      await run(["dpkg-deb", "-x", join(from, name), target], { timeoutMs: FETCH_LIMIT_MS });
      rmSync(join(from, name));
    }
  };
  return {
    newest: async (pattern) => {
      const found = await run(["apt-cache", ...options, "search", "--names-only", pattern]);
      const names = found.split("\n").flatMap((line) => line.split(" ")[0] || []);
      return names.sort(new Intl.Collator("en", { numeric: true }).compare).at(-1);
    },
    unpack: async (names, target) => {
      await run(["apt-get", ...options, "-qq", "download", ...names], { cwd: archives, timeoutMs: FETCH_LIMIT_MS });
      await unpackAll(archives, target);
    },
    unpackWithDependencies: async (names, target) => {
      const command = ["apt-get", ...options, "-qq", "-y", "install", "--download-only", ...names];
      await run(command, { timeoutMs: FETCH_LIMIT_MS });
      await unpackAll(archives, target);
    },
  };
}
