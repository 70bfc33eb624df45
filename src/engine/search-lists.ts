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
/** Reads under way at a time: enough to keep a disk busy, few enough to hold in memory. */
const AT_A_TIME = 16;

/** By line, the name of the first list that has it. Work is cut into files, so nothing waits long for it. */
export async function searchLists(
  lists: readonly PackageList[],
  lines: ReadonlySet<string>,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const searched = lists.slice(0, MAX_LISTS);
  const searchOne = async ({ name, path }: PackageList): Promise<void> => {
    const bytes = await readSmallFile(path, MAX_LIST_BYTES);
    for (const line of bytes?.toString("utf8").split("\n") ?? []) {
      if (lines.has(line) && !found.has(line)) found.set(line, name);
    }
  };
  for (let at = 0; at < searched.length && found.size < lines.size; at += AT_A_TIME) {
    await Promise.all(searched.slice(at, at + AT_A_TIME).map(searchOne));
  }
  return found;
}
