/** The rules as they ship, for tests that are about them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Contact } from "../../../../src/core/classify/contact.ts";

const rulesDir = join(import.meta.dirname, "../../../../resources/rules");
export const readRuleFile = (name: string): unknown => JSON.parse(readFileSync(join(rulesDir, name), "utf8"));

export const shippedRules = {
  services: readRuleFile("services.json"),
  programs: readRuleFile("programs.json"),
  owners: readRuleFile("owners.json"),
  encryptedDns: readRuleFile("encrypted-dns.json"),
};

/** A TLS connection of an unremarkable program to the internet, with what a test says otherwise. */
export function contact(facts: Partial<Contact>): Contact {
  return {
    name: null,
    remote: { address: "203.0.113.7", port: 443 },
    locality: "internet",
    transport: "tcp",
    exe: "/usr/bin/example",
    filename: "/usr/bin/example",
    argv: ["example"],
    comm: "example",
    ...facts,
  };
}

/** A program by its executable alone. */
export const program = (exe: string): Partial<Contact> => ({ exe, filename: exe, argv: [exe], comm: "x" });
