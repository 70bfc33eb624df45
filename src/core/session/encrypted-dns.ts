/** Flows that carry lookups nobody else can read: flagged by port, by protocol name, or by whose server it is. */
import type { Classifier } from "../classify/contact.ts";
import type { EncryptedDns, NameSource, Naming } from "../model/name-evidence.ts";
import type { FlowEntry } from "./entries.ts";

/** RFC 7858 section 3.1 and RFC 9250 section 4.1.1. */
const DOT_DOQ_PORT = 853;
const HTTPS_PORT = 443;

/** Said by the program itself on the connection: then the address proves nothing more. */
const isOwnWord = (source: NameSource | null): boolean => source === "server-name" || source === "http-host";

function protocolByPort({ transport, remote }: FlowEntry): EncryptedDns["protocol"] | null {
  if (remote.port !== DOT_DOQ_PORT) return null;
  if (transport === "tcp") return "dot";
  return transport === "udp" ? "doq" : null;
}

export function encryptedDnsOf(flow: FlowEntry, naming: Naming, classifier: Classifier): EncryptedDns | null {
  if (flow.direction === "inbound") return null;
  const { address, port } = flow.remote;
  const protocol = protocolByPort(flow) ?? flow.spoken.offersDns;
  if (protocol !== null) return { protocol, resolver: naming.name ?? address };
  if (port !== HTTPS_PORT && naming.hop === null) return null;
  const known = classifier.encryptedResolverOf(
    naming.name,
    isOwnWord(naming.source) || naming.hop !== null ? null : address,
  );
  return known === null ? null : { protocol: "doh", resolver: known };
}
