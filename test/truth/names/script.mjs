// @ts-check
import path from "node:path";
import { repoDir } from "../programs.mjs";

/** The command of a script of test/fixtures/programs. @param {string} name @param {readonly string[]} args */
export const script = (name, ...args) => [
  process.execPath,
  path.join(repoDir, "test/fixtures/programs", name),
  ...args,
];
