/**
 * The README's line for scripts, `npm start -- --seconds N --report FILE`,
 * as a user types it: traffic of ours while it runs must stand in the report.
 */
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, Socket } from "node:net";
import { join } from "node:path";
import { inRepo } from "../setup/repo.mjs";
import { artifactsDir, howItEnded, runLogged } from "./command-tests.mjs";

const SECONDS = 8;
const CONTACT_EVERY_MS = 250; // probes may take a second or two to be attached: contacts before that are not seen

/** A server on loopback and a client that contacts it again and again. */
async function chatter() {
  const server = createServer((socket) => socket.end("hello"));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  const timer = setInterval(() => {
    new Socket()
      .on("error", () => undefined)
      .connect(address.port, "127.0.0.1")
      .resume();
  }, CONTACT_EVERY_MS);
  return {
    port: address.port,
    stop: () => {
      clearInterval(timer);
      server.close();
    },
  };
}

/** @returns {Promise<import("./tally.mjs").TestResult[]>} */
export async function smokeTests() {
  const title = `npm start -- --seconds ${SECONDS} --report FILE sees traffic made meanwhile`;
  if (process.getuid?.() !== 0) return [{ title, status: "skipped", detail: "needs root (capture without a dialog)" }];
  mkdirSync(artifactsDir, { recursive: true });
  const report = join(artifactsDir, "smoke-report.json");
  rmSync(report, { force: true });
  const traffic = await chatter();
  try {
    const command = [process.execPath, inRepo("scripts/start.mjs"), "--seconds", `${SECONDS}`, "--report", report];
    const result = await runLogged("smoke", command, { timeoutMs: 120_000 });
    if (result.code !== 0) return [{ title, status: "failed", detail: `${result.output}\n${howItEnded(result)}` }];
  } finally {
    traffic.stop();
  }
  const text = readFileSync(report, "utf8");
  const isSeen = text.includes(`127.0.0.1`) && text.includes(String(traffic.port));
  return [
    isSeen
      ? { title, status: "passed" }
      : { title, status: "failed", detail: `${report} lacks 127.0.0.1 port ${traffic.port}` },
  ];
}
