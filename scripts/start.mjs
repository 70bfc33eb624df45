/**
 * `npm start`: sets up what is missing and runs Telltale. With a display the
 * window; without one, or when asked for a number of seconds or a report, the
 * same engine in the terminal. Needs only Node: no node_modules to begin with.
 */
import { resolve } from "node:path";
import { ensureBuilt } from "./setup/build-steps.mjs";
import { sandboxSwitches } from "./setup/chromium-sandbox.mjs";
import { electronRuntime } from "./setup/electron-runtime.mjs";
import { handOver } from "./setup/hand-over.mjs";
import { requireNode } from "./setup/node-version.mjs";
import { ensureNodeModules } from "./setup/npm-install.mjs";
import { inRepo, repoDir } from "./setup/repo.mjs";
import { fail, say } from "./setup/say.mjs";
import { hasDisplay, parseStartOptions, USAGE } from "./setup/start-options.mjs";
import { ensureSystemPackages } from "./setup/system-packages.mjs";
import { ELECTRON_SWITCHES, NODE_SWITCHES } from "./setup/young-generation.mjs";

/** Chromium complains at length about desktops without a bus or a GPU; what is fatal is still said. */
const QUIET_CHROMIUM = "--log-level=3";
const WITHOUT_CAPTURE = "Without them you can still look at recordings: npm run demo";

/**
 * A recording needs neither compiler nor kernel programs, so that it opens where nobody may install anything.
 * @param {import("./setup/start-options.mjs").StartOptions} options
 * @param {"window" | "terminal"} shell
 */
async function setUp({ source }, shell) {
  const isLive = source === "live";
  const isWindow = shell === "window";
  await ensureSystemPackages(
    [
      ...(isLive ? /** @type {const} */ (["build", "run"]) : []),
      ...(isWindow ? /** @type {const} */ (["window"]) : []),
    ],
    isLive ? WITHOUT_CAPTURE : "",
  );
  await ensureNodeModules();
  await ensureBuilt([
    ...(isLive ? /** @type {const} */ (["bpf", "native"]) : []),
    ...(isLive || !isWindow ? /** @type {const} */ (["programs"]) : []),
    ...(isWindow ? /** @type {const} */ (["window"]) : []),
  ]);
}

/** @param {import("./setup/start-options.mjs").StartOptions} options */
async function runWindow(options) {
  await setUp(options, "window");
  const electron = await electronRuntime();
  const switches = sandboxSwitches(electron.dir);
  say(`Opening the window (Electron ${electron.version}).`);
  const { source } = options;
  const chosen = source === "live" ? [] : source === "demo" ? ["--demo"] : ["--replay", resolve(source.file)];
  const command = [
    electron.path,
    ...ELECTRON_SWITCHES,
    QUIET_CHROMIUM,
    ...switches,
    repoDir,
    ...chosen,
    ...options.passedOn,
  ];
  const code = await handOver(command);
  const isEndedBySignal = code > 128;
  if (code !== 0 && !isEndedBySignal)
    say(`The window ended with ${code}. The terminal shows the same: npm start -- --terminal`);
  return code;
}

/** @param {import("./setup/start-options.mjs").StartOptions} options */
async function runTerminal(options) {
  await setUp(options, "terminal");
  if (!hasDisplay(process.env)) {
    say("There is no display, so this is the terminal. For the window, start it in a desktop session, or with ssh -X.");
  }
  const { source } = options;
  const demo = inRepo("resources/demo/mongod.telltale");
  const command = source === "live" ? ["watch"] : ["replay", source === "demo" ? demo : source.file];
  return handOver([process.execPath, ...NODE_SWITCHES, inRepo("out/node/cli.mjs"), ...command, ...options.passedOn]);
}

async function main() {
  requireNode();
  const options = parseStartOptions(process.argv.slice(2));
  if (options === "help") {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  return options.isTerminal || !hasDisplay(process.env) ? runTerminal(options) : runWindow(options);
}

main().then((code) => process.exit(code), fail);
