// @ts-check
/** The ground truth's scenarios in portions that an emulated machine can play at the same time. */
import { inRepo } from "../setup/repo.mjs";
import { run } from "../setup/run.mjs";
import { SetupError } from "../setup/say.mjs";

const AT_ONCE = 14;

/** N1b is one more way to do N1; they are asked for together. @param {string} id */
const withoutLetter = (id) => id.replace(/[a-z]$/, "");

/** @param {readonly string[]} [wanted] ids; all when not told @returns {Promise<string[][]>} */
export async function scenarioGroups(wanted) {
  const listed = await run([process.execPath, inRepo("test/truth/run.mjs"), "--list"]);
  /** @type {string[]} */
  const all = JSON.parse(listed).map((/** @type {{ id: string }} */ { id }) => withoutLetter(id));
  const unknown = wanted?.find((id) => !all.includes(withoutLetter(id)));
  if (unknown !== undefined) throw new SetupError(`There is no scenario "${unknown}".`);
  const ids = [...new Set(all)].filter((id) => wanted === undefined || wanted.includes(id));
  return Array.from({ length: Math.ceil(ids.length / AT_ONCE) }, (_, at) =>
    ids.slice(at * AT_ONCE, (at + 1) * AT_ONCE),
  );
}
