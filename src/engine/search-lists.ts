/** Package managers keep a list of files a package; whose lists have these lines? */
import { readSmallFile } from "./read-small-file.ts";

export interface PackageList {
  readonly name: string;
  readonly path: string;
}

/** The longest of Debian's have some 100,000 files. */
const MAX_LIST_BYTES = 16 * 1024 * 1024;
/** Installations with every desktop have some 6,000 packages. */
const MAX_LISTS = 20_000;
/** Reads under way at a time: enough to keep a disk busy, few enough that what they bring is looked through at once. */
const AT_A_TIME = 8;

/** Below this many lines it is quicker to look for each in the bytes than to cut all lines out of them. */
const FEW_LINES = 8;

const mayHaveOneOf = (bytes: Buffer, lines: ReadonlySet<string>): boolean =>
  lines.size > FEW_LINES || [...lines].some((line) => bytes.includes(line));

/** By line, the name of the first list that has it. Work is cut into files, so nothing waits long for it. */
export async function searchLists(
  lists: readonly PackageList[],
  lines: ReadonlySet<string>,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const searched = lists.slice(0, MAX_LISTS);
  const searchOne = async ({ name, path }: PackageList): Promise<void> => {
    const bytes = await readSmallFile(path, MAX_LIST_BYTES);
    if (bytes === null || !mayHaveOneOf(bytes, lines)) return;
    for (const line of bytes.toString("utf8").split("\n")) {
      if (lines.has(line) && !found.has(line)) found.set(line, name);
    }
  };
  for (let at = 0; at < searched.length && found.size < lines.size; at += AT_A_TIME) {
    await Promise.all(searched.slice(at, at + AT_A_TIME).map(searchOne));
  }
  return found;
}
