/**
 * Makes resources/rules/owners.json (domain -> who owns it) from the npm
 * package third-party-web. The result is checked in; run this again after the
 * package is updated. Only the owner is taken: a web category says what a
 * script in a page does, not what a program on a machine sends.
 *
 *   node scripts/generate-owners.mjs
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);
const packageDir = dirname(require.resolve("third-party-web/package.json"));
const { version } = JSON.parse(readFileSync(join(packageDir, "package.json"), "utf8"));
const entities = JSON.parse(readFileSync(join(packageDir, "dist", "entities-nostats.json"), "utf8"));

/** Owners the package lacks or names by product, with what says so. */
const ADDITIONS = {
  "segment.io": "Twilio", // twilio.com/docs/segment: "Segment documentation is now part of Twilio Docs"
  "segment.com": "Twilio",
  "segmentapis.com": "Twilio",
  "twilio.com": "Twilio",
  "mongodb.com": "MongoDB",
  "mongodb.net": "MongoDB",
  "mongodb.org": "MongoDB",
  "debian.org": "Debian",
  "ubuntu.com": "Canonical",
  "canonical.com": "Canonical",
  "snapcraft.io": "Canonical",
  "launchpad.net": "Canonical",
  "fedoraproject.org": "Fedora Project",
  "archlinux.org": "Arch Linux",
  "kernel.org": "The Linux Foundation",
  "gnome.org": "GNOME Foundation",
  "kde.org": "KDE",
  "mozilla.org": "Mozilla",
  "mozilla.com": "Mozilla",
  "mozilla.net": "Mozilla",
  "firefox.com": "Mozilla",
  "githubusercontent.com": "GitHub",
  "gitlab.com": "GitLab",
  "anthropic.com": "Anthropic",
  "openai.com": "OpenAI",
  "huggingface.co": "Hugging Face",
  "hashicorp.com": "HashiCorp",
  "grafana.org": "Grafana Labs",
  "go.dev": "Google",
  "posthog.com": "PostHog",
  "visualstudio.com": "Microsoft",
  "microsoft.com": "Microsoft",
  "azure.com": "Microsoft",
  "jetbrains.com": "JetBrains",
};

const domainOf = (pattern) => pattern.replace(/^\*\./, "").toLowerCase();
const isPackageRegistry = (domain) =>
  /(^|\.)(npmjs\.(org|com)|pypi\.org|yarnpkg\.com|rubygems\.org|crates\.io|jsdelivr\.net|unpkg\.com)$/.test(domain);

const owners = new Map(Object.entries(ADDITIONS));
for (const entity of entities) {
  const owner = entity.company || entity.name;
  const categories = entity.categories ?? [entity.category];
  if (categories.every((category) => category === "unknown")) continue;
  for (const pattern of entity.domains) {
    const domain = domainOf(pattern);
    if (domain.includes(".") && !isPackageRegistry(domain) && !owners.has(domain)) owners.set(domain, owner);
  }
}

/** A domain whose parent has the same owner says nothing new. */
function isImplied(domain, owner) {
  for (let dot = domain.indexOf("."); dot !== -1; dot = domain.indexOf(".", dot + 1)) {
    if (owners.get(domain.slice(dot + 1)) === owner) return true;
  }
  return false;
}

const kept = [...owners].filter(([domain, owner]) => !isImplied(domain, owner)).sort(([a], [b]) => (a < b ? -1 : 1));
const file = { format: 1, generatedFrom: `third-party-web ${version}`, owners: Object.fromEntries(kept) };
writeFileSync(
  join(import.meta.dirname, "..", "resources", "rules", "owners.json"),
  `${JSON.stringify(file, null, 1)}\n`,
);
console.log(`${kept.length} domains`);
