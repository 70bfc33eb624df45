/** /etc/hosts (hosts(5)) -> its lines that name an address. */
import { decodeUtf8 } from "../../event/decode-text.ts";
import { parseLookupName } from "../lookup-name.ts";
import { parseAddress } from "../parse-address.ts";

export interface HostsLine {
  /** Canonical, as formatAddress writes it, without zone. */
  readonly address: string;
  /** In the form names from DNS have; at least one. */
  readonly names: readonly string[];
}

/** Block lists reach a hundred thousand lines; the helper sends at most 256 KiB of them. */
const MAX_LINES = 65_536;
/** "127.0.0.1 localhost …": a few aliases. */
const MAX_NAMES = 64;
const LF = 0x0a;

/** undefined: empty, a comment, or no such line. */
function parseLine(line: string): HostsLine | undefined {
  const [content = ""] = line.split("#", 1);
  const [first = "", ...words] = content.trim().split(/\s+/);
  const address = parseAddress(first);
  if (address === undefined) return undefined;
  const names = words.slice(0, MAX_NAMES).flatMap((word) => parseLookupName(word) ?? []);
  return names.length === 0 ? undefined : { address, names };
}

export function parseHostsFile(bytes: Uint8Array): readonly HostsLine[] {
  const lines: HostsLine[] = [];
  let start = 0;
  for (let count = 0; count < MAX_LINES && start < bytes.length; count += 1) {
    const lineEnd = bytes.indexOf(LF, start);
    const end = lineEnd < 0 ? bytes.length : lineEnd;
    const line = parseLine(decodeUtf8(bytes, start, end));
    if (line !== undefined) lines.push(line);
    start = end + 1;
  }
  return lines;
}
