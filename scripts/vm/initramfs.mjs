// @ts-check
/** What a machine boots into: busybox, the modules, init.sh. Everything else comes from shares. */
import { chmodSync, copyFileSync, cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inRepo } from "../setup/repo.mjs";
import { run } from "../setup/run.mjs";

/** @typedef {{ tag: string, hostDir: string, path: string }} Share a host's folder, and where the machine sees it */

/**
 * @param {string} dir to work in @param {string} busybox of the machine's kind
 * @param {string} modulesDir @param {readonly Share[]} shares outermost first
 * @returns {Promise<string>} the archive
 */
export async function makeInitramfs(dir, busybox, modulesDir, shares) {
  const tree = join(dir, "tree");
  rmSync(tree, { recursive: true, force: true });
  mkdirSync(join(tree, "bin"), { recursive: true });
  copyFileSync(busybox, join(tree, "bin/busybox"));
  cpSync(modulesDir, join(tree, "modules"), { recursive: true });
  writeFileSync(join(tree, "shares"), shares.map(({ tag, path }) => `${tag} ${path}\n`).join(""));
  copyFileSync(inRepo("scripts/vm/init.sh"), join(tree, "init"));
  chmodSync(join(tree, "init"), 0o755);
  const archive = join(dir, "initramfs.gz");
  await run(["sh", "-c", 'find . | cpio --quiet -o -H newc | gzip -1 >"$1"', "sh", archive], { cwd: tree });
  return archive;
}
