/** `npm run truth -- [--json] [--only IDS] [--oracle] [--accuracy]`: sets up, then holds what Telltale sees against real traffic. */
import { ensureBuilt } from "./setup/build-steps.mjs";
import { handOver } from "./setup/hand-over.mjs";
import { requireNode } from "./setup/node-version.mjs";
import { ensureNodeModules } from "./setup/npm-install.mjs";
import { inRepo } from "./setup/repo.mjs";
import { fail } from "./setup/say.mjs";
import { ensureSystemPackages } from "./setup/system-packages.mjs";

async function main() {
  requireNode();
  await ensureSystemPackages(["build", "run", "test"]);
  await ensureNodeModules();
  await ensureBuilt(["bpf", "native", "programs"]);
  return handOver([process.execPath, inRepo("test/truth/run.mjs"), ...process.argv.slice(2)]);
}

main().then((code) => process.exit(code), fail);
