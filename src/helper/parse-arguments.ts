/** The helper's command line. Whoever may elevate it wrote it, so it is checked but not feared. */
import { isAbsolute } from "node:path";
import { parseArgs } from "node:util";
import { EXIT, HelperError } from "./exit-codes.ts";

export interface HelperArguments {
  readonly socketFile: string;
  readonly peerUid: number;
  readonly objectFile: string;
  readonly addonFile: string;
}

const USAGE = "usage: helper --socket PATH --peer-uid UID --object PATH --addon PATH";
const UID_MAX = 0xffff_fffe; // -1 is "no user"

function misused(reason: string): HelperError {
  return new HelperError(EXIT.usage, "internal", `${reason}\n${USAGE}`);
}

function parsePath(name: string, value: string | undefined): string {
  if (value === undefined || !isAbsolute(value)) throw misused(`--${name} needs an absolute path`);
  return value;
}

function parseUid(value: string | undefined): number {
  const uid = value !== undefined && /^\d{1,10}$/.test(value) ? Number(value) : Number.NaN;
  if (!(uid <= UID_MAX)) throw misused("--peer-uid needs a user number");
  return uid;
}

function readOptions(argv: readonly string[]) {
  const text = { type: "string" } as const;
  try {
    return parseArgs({
      args: [...argv],
      options: { socket: text, "peer-uid": text, object: text, addon: text },
    }).values;
  } catch (error) {
    throw misused(error instanceof Error ? error.message : String(error));
  }
}

export function parseArguments(argv: readonly string[]): HelperArguments {
  const options = readOptions(argv);
  return {
    socketFile: parsePath("socket", options.socket),
    peerUid: parseUid(options["peer-uid"]),
    objectFile: parsePath("object", options.object),
    addonFile: parsePath("addon", options.addon),
  };
}
