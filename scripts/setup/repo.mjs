/** Where the checkout is, and where its by-products go. */
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const repoDir = fileURLToPath(new URL("../../", import.meta.url));

/** @param {...string} parts */
export const inRepo = (...parts) => join(repoDir, ...parts);

/** Our folder below the user's cache (XDG base directory rules: a relative XDG_CACHE_HOME is ignored). */
export function cacheDir(env = process.env, home = homedir()) {
  const base = env.XDG_CACHE_HOME;
  return join(base?.startsWith("/") ? base : join(home, ".cache"), "telltale");
}
