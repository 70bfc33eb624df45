/** Files of inputs: one in base64 a line, shortest first; `#` begins a line that says where it came from. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { inRepo } from "../setup/repo.mjs";

/** @param {string} name of a target */
export const corpusFile = (name) => inRepo(`test/fuzz/corpus/${name}.txt`);
/** @param {string} name of a target */
export const regressionFile = (name) => inRepo(`test/fuzz/regressions/${name}.txt`);

/** @param {string} file @returns {Uint8Array[]} none, if there is no such file */
export function readInputs(file) {
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => new Uint8Array(Buffer.from(line, "base64")));
}

/** @param {string} file @param {readonly Uint8Array[]} inputs */
export function writeInputs(file, inputs) {
  mkdirSync(dirname(file), { recursive: true });
  const lines = inputs.map((bytes) => Buffer.from(bytes).toString("base64"));
  lines.sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  writeFileSync(file, lines.map((line) => `${line}\n`).join(""));
}
