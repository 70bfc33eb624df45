// @ts-check
/** What /proc knows of processes under test. */
import { readdirSync, readFileSync } from "node:fs";

/** @param {number} parent @returns {number | undefined} the helper that process `parent` started */
export function helperOf(parent) {
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const [, fields = ""] = readFileSync(`/proc/${name}/stat`, "latin1").split(") ");
      const argv = readFileSync(`/proc/${name}/cmdline`, "latin1");
      if (Number(fields.split(" ")[1]) === parent && argv.includes("helper.mjs")) return Number(name);
    } catch {
      // it ended while we looked
    }
  }
  return undefined;
}
