/** What is compiled, from what, into what. A step runs again only when its inputs changed (hence --force: we decide). */
import { inRepo } from "./repo.mjs";
import { run } from "./run.mjs";
import { step } from "./say.mjs";
import { inputHash, isFresh, writeStamp } from "./stamp.mjs";

const BUILD_TIMEOUT_MS = 600_000;
const MANIFESTS = ["package.json", "package-lock.json"];
const node = process.execPath;

/** @typedef {import("./stamp.mjs").BuildStep} BuildStep */
/** @type {Readonly<Record<"bpf" | "native" | "programs" | "window", BuildStep>>} */
const STEPS = {
  bpf: {
    name: "bpf",
    title: "Compiling the kernel programs",
    inputs: ["bpf", "scripts/build-bpf.mjs"],
    outputs: ["build/bpf/telltale.bpf.o"],
    salt: process.arch,
    command: [node, "scripts/build-bpf.mjs", "--force"],
  },
  native: {
    name: "native",
    title: "Compiling their loader",
    inputs: ["native", "bpf/event.h", "bpf/config.h", "scripts/build-native.mjs"],
    outputs: ["build/Release/telltale_native.node", "build/Release/telltale-libc-watch"],
    salt: process.arch,
    command: [node, "scripts/build-native.mjs", "--force"],
  },
  programs: {
    name: "programs",
    title: "Building the helper and the terminal",
    inputs: [
      ...["contract", "core", "engine", "helper", "cli"].map((dir) => `src/${dir}`),
      "vite.node.config.ts",
      ...MANIFESTS,
    ],
    outputs: ["out/node/helper.mjs", "out/node/cli.mjs"],
    command: [node, inRepo("node_modules/vite/bin/vite.js"), "build", "--app", "-c", "vite.node.config.ts"],
  },
  window: {
    name: "window",
    title: "Building the window",
    inputs: [
      ...["contract", "core", "engine", "main", "preload", "renderer"].map((dir) => `src/${dir}`),
      "electron.vite.config.ts",
      ...MANIFESTS,
    ],
    outputs: ["out/main/index.js", "out/preload/index.cjs", "out/renderer/index.html"],
    command: [node, inRepo("node_modules/electron-vite/bin/electron-vite.js"), "build"],
  },
};

/** @typedef {keyof typeof STEPS} StepName */

/** @param {readonly StepName[]} names */
export async function ensureBuilt(names) {
  for (const name of names) {
    const todo = STEPS[name];
    if (await isFresh(todo)) continue;
    const hash = await inputHash(todo);
    await step(todo.title, () => run(todo.command, { timeoutMs: BUILD_TIMEOUT_MS }));
    await writeStamp(name, hash);
  }
}
