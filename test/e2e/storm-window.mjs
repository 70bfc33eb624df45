// @ts-check
/**
 * How the window fares in a storm of connections: frame times of the page, the
 * longest time the main process was busy, and what was lost.
 *
 * node test/e2e/storm-window.mjs [--rate 5000] [--seconds 60] [--json]
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { electronRuntime } from "../../scripts/setup/electron-runtime.mjs";
import { endAll, start } from "../truth/children.mjs";
import { programPath } from "../truth/programs.mjs";
import { openDisplay } from "./display.mjs";
import { openWindow, programRow, textOf, untilLive } from "./window.mjs";

/** Runs in the page: the time between animation frames, ms. */
function watchFrames() {
  /** @type {number[]} */
  const gaps = [];
  let last = performance.now();
  const frame = () => {
    const now = performance.now();
    gaps.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  Reflect.set(globalThis, "frameGaps", gaps);
}

/** Runs in the main process: how late a timer of 20 ms comes at the worst. */
function watchMain() {
  const STEP_MS = 20;
  const seen = { worstMs: 0 };
  let due = performance.now() + STEP_MS;
  setInterval(() => {
    const now = performance.now();
    seen.worstMs = Math.max(seen.worstMs, now - due);
    due = now + STEP_MS;
  }, STEP_MS);
  Reflect.set(globalThis, "lateness", seen);
}

/** @param {number[]} sorted @param {number} share */
const quantile = (sorted, share) =>
  Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);

/** @param {number} ratePerSec @param {number} seconds */
export async function measureStorm(ratePerSec, seconds) {
  const display = await openDisplay();
  const { path: electron } = await electronRuntime();
  const window = await openWindow({ electron, display: display.display });
  try {
    await untilLive(window.page);
    await window.page.evaluate(watchFrames);
    await window.application.evaluate(watchMain);
    const storm = start([programPath("storm"), "--rate", String(ratePerSec), "--seconds", String(seconds)]);
    await storm.ended;
    const frames = await window.page.evaluate(() => /** @type {number[]} */ (Reflect.get(globalThis, "frameGaps")));
    const late = await window.application.evaluate(
      () => /** @type {{ worstMs: number }} */ (Reflect.get(globalThis, "lateness")),
    );
    await programRow(window.page, programPath("storm")).click({ timeout: 5000 });
    const sorted = [...frames].sort((a, b) => a - b);
    return {
      ...storm.lines[0],
      frames: frames.length,
      frameMedianMs: quantile(sorted, 0.5),
      frameP95Ms: quantile(sorted, 0.95),
      frameWorstMs: quantile(sorted, 1),
      mainWorstMs: Math.round(late.worstMs),
      lostText: await textOf(window.page.getByTestId("lost")),
    };
  } finally {
    await window.close();
    display.close();
    endAll();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      rate: { type: "string", default: "5000" },
      seconds: { type: "string", default: "60" },
      json: { type: "boolean" },
    },
  });
  const result = await measureStorm(Number(values.rate), Number(values.seconds));
  if (values.json === true) console.log(JSON.stringify(result));
  else for (const [key, value] of Object.entries(result)) console.log(`${key.padEnd(18)}${value}`);
  process.exitCode = result.lostText === "Nothing lost" ? 0 : 1;
}
