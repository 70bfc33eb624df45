/**
 * Progress, said aloud: one line a step with its seconds. On stderr, so that
 * standard output stays the program's own (`--json`, a live table).
 */

/** A failure whose message is for the user: shown without a stack. */
export class SetupError extends Error {}

/** @param {string} text */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

/** @param {number} startMs */
export const secondsSince = (startMs) => `${((Date.now() - startMs) / 1000).toFixed(1)} s`;

/**
 * Runs one step. The line appears when the step begins, so that a long step
 * is explained while it runs; its seconds follow on the same line on a
 * terminal and on a line of their own in a log.
 * @template T
 * @param {string} title
 * @param {() => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const startMs = Date.now();
  say(`· ${title} …`);
  const result = await work();
  say(`  done in ${secondsSince(startMs)}`);
  return result;
}

/**
 * The end of a script: a SetupError is told plainly, a bug with its stack.
 * @param {unknown} error
 * @returns {never}
 */
export function fail(error) {
  if (error instanceof SetupError) say(`\n${error.message}`);
  else say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exit(1);
}
