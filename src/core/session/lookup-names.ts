/** What programs write where a name is wanted -> the name, remembered. */
import { parseLookupName } from "../protocol/lookup-name.ts";

/** Names repeat; when full, it starts afresh. */
const MAX_CACHED_NAMES = 4096;

/** parseLookupName, remembering: programs ask for few names, many times. */
export function createLookupNames(): (text: string) => string | null {
  const known = new Map<string, string | null>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    if (known.size >= MAX_CACHED_NAMES) known.clear();
    const name = parseLookupName(text);
    known.set(text, name);
    return name;
  };
}
