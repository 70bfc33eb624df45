// @ts-check
/** A display for the window: the one that is there, or an Xvfb of our own on a free number. */
import { spawn } from "node:child_process";

/**
 * @param {{ isShared?: boolean }} [options] isShared: programs of other users may draw on it too
 * @returns {Promise<{ display: string, close: () => void }>}
 */
export async function openDisplay(options = {}) {
  const existing = process.env.DISPLAY;
  if (existing !== undefined && existing !== "" && options.isShared !== true) {
    return { display: existing, close: () => undefined };
  }
  const access = options.isShared === true ? ["-ac"] : [];
  const screen = ["-screen", "0", "1920x1200x24", "-nolisten", "tcp"];
  /* -displayfd: Xvfb picks a free number itself and says it when it is ready */
  const server = spawn("Xvfb", ["-displayfd", "3", ...screen, ...access], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const channel = server.stdio[3];
  if (channel === null || channel === undefined) throw new Error("Xvfb has no channel to speak on");
  const number = await new Promise((resolve, reject) => {
    server.once("error", (error) => reject(new Error(`Xvfb did not start: ${error.message}`)));
    server.once("exit", (status) => reject(new Error(`Xvfb ended with ${status}`)));
    channel.once("data", (/** @type {Buffer} */ data) => resolve(data.toString().trim()));
  });
  return { display: `:${number}`, close: () => void server.kill("SIGTERM") };
}
