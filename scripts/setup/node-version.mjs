/** The one thing we cannot set up ourselves. */
import { SetupError } from "./say.mjs";

export const MINIMUM_NODE = "20.19.0";

/** @param {string} version @param {string} minimum both as "major.minor.patch" */
export function isAtLeast(version, minimum) {
  const have = version.split(".").map(Number);
  for (const [index, least] of minimum.split(".").map(Number).entries()) {
    const part = have[index] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}

export function requireNode(version = process.versions.node) {
  if (isAtLeast(version, MINIMUM_NODE)) return;
  throw new SetupError(`Telltale needs Node ${MINIMUM_NODE} or newer; this is Node ${version}.`);
}
