/** What a ClientHello may say, wherever it was read. */
import type { ClientHello } from "../../../src/core/protocol/tls/parse-client-hello.ts";
import { ensure } from "./fuzz-target.ts";
import { ensurePrintable, ensureSafeName } from "./safe-text.ts";

export function ensureSafeHello({ serverName, alpn, ech, hasEch, highestVersion, legacyVersion }: ClientHello): void {
  if (serverName !== null) ensureSafeName(serverName);
  ensure(alpn.length <= 32, () => `${alpn.length} protocols`);
  alpn.forEach(ensurePrintable);
  ensure(ech === null || hasEch, () => "a kind of ECH without ECH");
  for (const version of [highestVersion, legacyVersion]) {
    ensure(version >= 0 && version <= 0xffff, () => `version ${version}`);
  }
}
