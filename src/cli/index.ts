/** The terminal: picks the command and turns its end into an exit code. */
import { displayText } from "../core/model/display-text.ts";
import { findPaths } from "../engine/find-paths.ts";
import { TELLTALE_VERSION } from "../engine/version.ts";
import type { Command } from "./command.ts";
import { doctorCommand } from "./doctor-command.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { type Output, processOutput } from "./output.ts";
import { UsageError } from "./parse-arguments.ts";
import { recordCommand } from "./record-command.ts";
import { replayCommand } from "./replay-command.ts";
import { reportCommand } from "./report-command.ts";
import { watchCommand } from "./watch-command.ts";

const COMMANDS: readonly Command[] = [watchCommand, recordCommand, replayCommand, reportCommand, doctorCommand];

const HELP = `Telltale shows which program on this machine talks to which named destination,
and which programs send telemetry.

${COMMANDS.map(({ usage, summary }) => `  telltale ${usage}\n      ${summary}`).join("\n")}

  --seconds N   end by itself N seconds after the capture is live
  --json        one JSON object a flow and line (docs/schema/flow.schema.json)
  --lookups     what each program asked resolvers for, instead of flows: what failed, what was
                never contacted; with --json one object a line (docs/schema/lookup.schema.json)
  --reverse-dns ask your resolver what the owners of unnamed addresses call them; this alone
                makes network traffic
  --report FILE write a report at the end; HTML, or JSON when FILE ends in .json
  --help        this text; --version  the version

Watching and recording need root and ask for it. Ctrl-C ends cleanly.
Marks, before a destination:
  ● the program said the name on the connection   ○ the program asked for it
  ◌ somebody else asked for it, or /etc/hosts or a reverse lookup has it
  ? one of several names that share the address   △ its sources disagree   – no name seen
ECH: encryption that hides names; with "real name hidden" the name shown is the provider's.
Exit codes: 0 ok, 1 failure, 2 wrong usage, 3 no permission, 4 not supported by this system.
`;

function usageProblem(text: string, command: Command | undefined, output: Output): ExitCode {
  output.note(`telltale: ${displayText(text)}`);
  output.note(command === undefined ? "telltale --help lists the commands" : `usage: telltale ${command.usage}`);
  return EXIT.usage;
}

async function runCommand(words: readonly string[], output: Output): Promise<ExitCode> {
  const [name, ...rest] = words;
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (name === "--version" || name === "-V") {
    output.write(`telltale ${TELLTALE_VERSION}\n`);
    return EXIT.ok;
  }
  if (name === "--help" || name === "-h" || name === "help" || (command !== undefined && rest.includes("--help"))) {
    output.write(HELP);
    return EXIT.ok;
  }
  if (command === undefined) {
    return usageProblem(name === undefined ? "no command given" : `there is no command "${name}"`, undefined, output);
  }
  try {
    return await command.run(rest, { paths: findPaths(import.meta.url), output });
  } catch (error) {
    if (error instanceof UsageError) return usageProblem(error.message, command, output);
    throw error; // a bug: its stack is worth more than a sentence
  }
}

const output = processOutput();
// Not process.exit alone: what was written to a pipe must leave first, which the commands wait for.
process.exit(await runCommand(process.argv.slice(2), output));
