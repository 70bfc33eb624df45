// @ts-check
/** Headless Chromium, as a program under test: the system's, or Debian's unpacked. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { debian } from "./debian.mjs";
import { patience } from "./patience.mjs";
import { Unavailable } from "./scenario.mjs";

/** @typedef {import("./world.mjs").World} World */

const INSTALLED = "/usr/lib/chromium/chromium";

/** Base64 of the SHA-256 of a certificate's public key: how Chromium is told to trust it. @param {string} file */
function publicKeyHash(file) {
  const key = execFileSync("openssl", ["x509", "-in", file, "-pubkey", "-noout"]);
  const der = execFileSync("openssl", ["pkey", "-pubin", "-outform", "der"], { input: key });
  return execFileSync("openssl", ["dgst", "-sha256", "-binary"], { input: der }).toString("base64");
}

/** @returns {Promise<{ file: string, env: NodeJS.ProcessEnv }>} */
export async function findBrowser() {
  if (patience > 1) throw new Unavailable("a browser takes too long on an emulated machine");
  if (existsSync(INSTALLED)) return { file: INSTALLED, env: process.env };
  const { program, env } = await debian("browser");
  return { file: program("usr/lib/chromium/chromium"), env };
}

/** What a browser does by itself would only be noise here; some of it cannot be switched off. */
const QUIET = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-default-apps",
  "--disable-sync",
  "--no-first-run",
  "--no-default-browser-check",
];

let profiles = 0;

/**
 * Loads one page and ends.
 * @param {World} world @param {string} url @param {readonly string[]} options
 * @param {{ file: string, env: NodeJS.ProcessEnv }} browser
 */
export function loadPage(world, url, options, { file, env }) {
  const profile = path.join(world.directory, `profile-${profiles++}`);
  const [, certificate = ""] = world.certificateFiles();
  const trust = `--ignore-certificate-errors-spki-list=${publicKeyHash(certificate)}`;
  const modes = ["--headless", "--no-sandbox", "--disable-gpu", `--user-data-dir=${profile}`, "--timeout=8000"];
  return world.run([file, ...modes, ...QUIET, trust, ...options, "--dump-dom", url], "client", { env });
}
