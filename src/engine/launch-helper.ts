/**
 * The ways to start the helper as root. Each returns at once with a promise of
 * how it ended; that it started shows when it connects. A helper that runs as
 * root cannot be killed by us: it ends by itself when its socket closes.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { exec as execWithDialog } from "@vscode/sudo-prompt";
import { errorCode, explainError } from "./explain-error.ts";
import { quoteForSudoPrompt } from "./quote-command.ts";

export interface HelperCommand {
  /** Node, or an Electron that acts as Node. */
  readonly execPath: string;
  readonly isElectron: boolean;
  readonly helperFile: string;
  readonly socketPath: string;
  readonly peerUid: number;
  readonly objectFile: string;
  readonly addonFile: string;
}

export type HelperEnd =
  | { readonly outcome: "ended" }
  | { readonly outcome: "refused" }
  | { readonly outcome: "no-agent" }
  | { readonly outcome: "failed"; readonly detail: string };

export type LaunchWay = "direct" | "polkit-action" | "dialog" | "sudo" | "pkexec";

export interface HelperLaunch {
  readonly way: LaunchWay;
  /** Never rejects. */
  readonly ended: Promise<HelperEnd>;
}

/** Enough to say what went wrong; the helper prints nothing while it is well. */
const STDERR_LIMIT_CHARS = 4096;
const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

function socketArguments(command: HelperCommand): string[] {
  return ["--socket", command.socketPath, "--peer-uid", String(command.peerUid)];
}

export function helperArguments(command: HelperCommand): string[] {
  const files = ["--object", command.objectFile, "--addon", command.addonFile];
  return [command.helperFile, ...socketArguments(command), ...files];
}

function collectStderr(child: ChildProcess): () => string {
  let text = "";
  child.stderr?.setEncoding("utf8").on("data", (part: string) => {
    if (text.length < STDERR_LIMIT_CHARS) text = (text + part).slice(0, STDERR_LIMIT_CHARS);
  });
  return () => text.trim();
}

/** pkexec says this, untranslated, when no system bus or no polkit answers: then nobody was asked. */
const NO_POLKIT = /Error getting authority/;

type JudgeExit = (exitCode: number | null, stderr: string) => HelperEnd;

function judgePlainExit(exitCode: number | null, stderr: string): HelperEnd {
  if (exitCode === 0) return { outcome: "ended" };
  return { outcome: "failed", detail: stderr || `the helper ended with code ${exitCode ?? "none (a signal)"}` };
}

/** pkexec(1): 126 the dialog was dismissed, 127 not authorised or no agent to ask. */
export function judgePkexecExit(exitCode: number | null, stderr: string): HelperEnd {
  if (/No authentication agent/i.test(stderr) || NO_POLKIT.test(stderr)) return { outcome: "no-agent" };
  if (exitCode === 126) return { outcome: "refused" };
  if (exitCode === 127) {
    return /not authorized|dismissed|^$/i.test(stderr) ? { outcome: "refused" } : { outcome: "failed", detail: stderr };
  }
  return judgePlainExit(exitCode, stderr);
}

/** sudo(8) exits 1 when it does not let the user through, and so does a helper that fails: its words tell. */
export function judgeSudoExit(exitCode: number | null, stderr: string): HelperEnd {
  if (exitCode === 1 && (stderr === "" || /^sudo: /m.test(stderr))) return { outcome: "refused" };
  return judgePlainExit(exitCode, stderr);
}

async function endOf(child: ChildProcess, judge: JudgeExit): Promise<HelperEnd> {
  const stderr = collectStderr(child);
  return new Promise((resolve) => {
    child.once("error", (error) => {
      const isMissing = errorCode(error) === "ENOENT";
      resolve(isMissing ? { outcome: "no-agent" } : { outcome: "failed", detail: explainError(error) });
    });
    child.once("close", (exitCode) => resolve(judge(exitCode, stderr())));
  });
}

/** We are root already. Detached: Ctrl-C in the terminal must reach us first, so that nothing seen is lost. */
export function launchDirectly(command: HelperCommand): HelperLaunch {
  const env = command.isElectron ? { PATH, ELECTRON_RUN_AS_NODE: "1" } : { PATH };
  const child = spawn(command.execPath, helperArguments(command), {
    env,
    cwd: "/",
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
  });
  return { way: "direct", ended: endOf(child, judgePlainExit) };
}

/** Our own polkit action is installed: it allows exactly this launcher, which knows its files itself. */
export function launchByPolkitAction(command: HelperCommand, launcher: string, hasTerminal: boolean): HelperLaunch {
  const agent = hasTerminal ? [] : ["--disable-internal-agent"];
  const child = spawn("pkexec", [...agent, launcher, ...socketArguments(command)], {
    // English words: the exit code alone does not tell "no agent" from "refused".
    env: { ...process.env, LC_ALL: "C" },
    stdio: [hasTerminal ? "inherit" : "ignore", "ignore", "pipe"],
  });
  return { way: "polkit-action", ended: endOf(child, judgePkexecExit) };
}

function asRootCommand(command: HelperCommand): string[] {
  const env = command.isElectron ? ["/usr/bin/env", "ELECTRON_RUN_AS_NODE=1"] : [];
  return [...env, command.execPath, ...helperArguments(command)];
}

/** A person at a terminal: sudo asks there. Without a terminal it may still be allowed without a password. */
export function launchBySudo(command: HelperCommand, hasTerminal: boolean): HelperLaunch {
  const ask = hasTerminal ? [] : ["--non-interactive"];
  const child = spawn("sudo", [...ask, "--", ...asRootCommand(command)], {
    // sudo prompts on /dev/tty, so its stderr can be read here.
    stdio: [hasTerminal ? "inherit" : "ignore", "ignore", "pipe"],
    env: { ...process.env, LC_ALL: "C" },
  });
  return { way: "sudo", ended: endOf(child, judgeSudoExit) };
}

export function launchByPkexec(command: HelperCommand): HelperLaunch {
  const child = spawn("pkexec", asRootCommand(command), {
    env: { ...process.env, LC_ALL: "C" },
    stdio: ["inherit", "ignore", "pipe"],
  });
  return { way: "pkexec", ended: endOf(child, judgePkexecExit) };
}

export function judgeDialogEnd(error: Error | undefined, stderr: string): HelperEnd {
  if (error === undefined || error === null) return { outcome: "ended" };
  if (/did not grant permission/.test(error.message))
    return { outcome: NO_POLKIT.test(stderr) ? "no-agent" : "refused" };
  if (/No polkit authentication agent|Unable to find pkexec/.test(error.message)) return { outcome: "no-agent" };
  return { outcome: "failed", detail: stderr.trim().slice(0, STDERR_LIMIT_CHARS) || error.message };
}

/** The desktop's own dialog, for a checkout where our polkit action is not installed. */
export function launchByDialog(command: HelperCommand): HelperLaunch {
  const quoted = quoteForSudoPrompt(asRootCommand(command), process.cwd());
  if (quoted.outcome === "unsafe") {
    return { way: "dialog", ended: Promise.resolve({ outcome: "failed", detail: quoted.reason }) };
  }
  const ended = new Promise<HelperEnd>((resolve) => {
    execWithDialog(quoted.command, { name: "Telltale" }, (error, _stdout, stderr) => {
      resolve(judgeDialogEnd(error ?? undefined, String(stderr ?? "")));
    });
  });
  return { way: "dialog", ended };
}
