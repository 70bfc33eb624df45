/** What `npm start -- …` asks for, and which shell of Telltale that means. */
import { SetupError } from "./say.mjs";

export const USAGE = `npm start -- [options]

  --demo            look at the recording that ships with Telltale (no root needed)
  --replay FILE     look at a recording of yours
  --terminal        the live table in the terminal, although there is a display
  --seconds N       run for N seconds in the terminal and end
  --report FILE     write the report when it ends (.html or .json), in the terminal
  --json            one JSON object a flow on standard output, in the terminal
  --help            this text`;

/**
 * @typedef {{ source: "live" | "demo" | { file: string }, isTerminal: boolean, passedOn: string[] }} StartOptions
 */

const TERMINAL_VALUES = ["--seconds", "--report"];

/**
 * @param {readonly string[]} argv
 * @returns {StartOptions | "help"}
 */
export function parseStartOptions(argv) {
  /** @type {StartOptions} */
  const options = { source: "live", isTerminal: false, passedOn: [] };
  const rest = argv.flatMap((argument) => {
    const match = /^(--(?:replay|seconds|report))=(.*)$/.exec(argument);
    return match === null ? [argument] : [match[1] ?? "", match[2] ?? ""];
  });
  for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
    if (argument === "--help" || argument === "-h") return "help";
    if (argument === "--demo") options.source = "demo";
    else if (argument === "--terminal") options.isTerminal = true;
    else if (argument === "--replay") options.source = { file: takeValue(argument, rest) };
    else {
      const value = TERMINAL_VALUES.includes(argument) ? [takeValue(argument, rest)] : [];
      if (value.length > 0 || argument === "--json") options.isTerminal = true;
      options.passedOn.push(argument, ...value);
    }
  }
  return options;
}

/** @param {string} option @param {string[]} rest */
function takeValue(option, rest) {
  const value = rest.shift();
  if (value === undefined || value.startsWith("--")) throw new SetupError(`${option} needs a value.\n\n${USAGE}`);
  return value;
}

/** @param {NodeJS.ProcessEnv} env */
export const hasDisplay = (env) => Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
