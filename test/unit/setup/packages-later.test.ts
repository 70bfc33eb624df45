import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const scriptsDir = fileURLToPath(new URL("../../../scripts", import.meta.url));
const STATIC_IMPORT = /^(?:import|export)\s[^;]*?\bfrom\s+"([^"]+)"|^import\s+"([^"]+)"/gm;

/** Packages that `file` and what it imports want before any of their code runs. */
function packagesWanted(file: string, seen: Set<string>): readonly string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const wanted: string[] = [];
  for (const [, from, alone] of readFileSync(file, "utf8").matchAll(STATIC_IMPORT)) {
    const name = from ?? alone ?? "";
    if (name.startsWith(".")) wanted.push(...packagesWanted(resolve(dirname(file), name), seen));
    else if (!name.startsWith("node:")) wanted.push(`${file.slice(scriptsDir.length + 1)}: ${name}`);
  }
  return wanted;
}

test.each(["start", "test", "truth", "fuzz", "bench", "install-helper"])(
  "npm run %s begins without packages, since it installs them",
  (name) => {
    const seen = new Set<string>();
    expect(packagesWanted(`${scriptsDir}/${name}.mjs`, seen)).toEqual([]);
    expect(seen.size).toBeGreaterThan(1);
  },
);
