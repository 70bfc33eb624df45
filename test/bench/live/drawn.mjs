// @ts-check
/**
 * From connect() in a program to its edge on the screen: the real window, live, and the moment its canvas is given the
 * destination's label, which is painted after the edge that leads to it.
 *
 * node test/bench/live/drawn.mjs [--samples 20]
 */
import { connect, createServer } from "node:net";
import { parseArgs } from "node:util";
import { electronRuntime } from "../../../scripts/setup/electron-runtime.mjs";
import { openDisplay } from "../../e2e/display.mjs";
import { openWindow, untilLive } from "../../e2e/window.mjs";
import { pause } from "./program.mjs";

const BAR_MS = 250;
const SETTLE_MS = 3000;
/** Not in step with the pauses of helper, core and page. */
const BETWEEN_MS = [1137, 1273, 1061, 1311, 1189];

/** Runs in the page: when each text was first painted. */
function watchTexts() {
  /** @type {Record<string, number>} */
  const firstMs = {};
  const fillText = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function paintText(text, ...rest) {
    firstMs[text] ??= Date.now();
    return Reflect.apply(fillText, this, [text, ...rest]);
  };
  Reflect.set(globalThis, "firstPaintedMs", firstMs);
}

const paintedTexts = () => /** @type {Record<string, number>} */ (Reflect.get(globalThis, "firstPaintedMs"));

/** @param {string} host @returns {Promise<{ port: number, close: () => void }>} */
async function listenAt(host) {
  const server = createServer((socket) => socket.end());
  await new Promise((resolve) => server.listen(0, host, () => resolve(undefined)));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return { port: address.port, close: () => void server.close() };
}

/** A destination of its own. @param {number} number @returns {Promise<{ label: string, begunMs: number }>} */
async function contact(number) {
  const host = `127.77.54.${number + 1}`;
  const server = await listenAt(host);
  const begunMs = Date.now();
  const socket = connect(server.port, host);
  await new Promise((resolve) => socket.once("close", resolve).resume());
  server.close();
  return { label: `${host}:${server.port}`, begunMs };
}

/** @param {number} samples */
async function measure(samples) {
  const display = await openDisplay();
  const { path: electron } = await electronRuntime();
  const window = await openWindow({ electron, display: display.display });
  try {
    await untilLive(window.page);
    await window.page.evaluate(watchTexts);
    await pause(SETTLE_MS);
    const contacts = [];
    for (let number = 0; number < samples; number++) {
      contacts.push(await contact(number));
      await pause(BETWEEN_MS[number % BETWEEN_MS.length] ?? 0);
    }
    const painted = await window.page.evaluate(paintedTexts);
    return contacts.flatMap(({ label, begunMs }) => {
      const paintedMs = painted[label];
      return paintedMs === undefined ? [] : [paintedMs - begunMs];
    });
  } finally {
    await window.close();
    display.close();
  }
}

const { values } = parseArgs({ options: { samples: { type: "string", default: "20" } } });
const samples = Number(values.samples);
const sorted = (await measure(samples)).sort((a, b) => a - b);
/** @param {number} share */
const at = (share) => sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
const unseen = samples - sorted.length; // labels that found no room beside others
const result = { bench: "drawn", samples: sorted.length, unseen, medianMs: at(0.5), p95Ms: at(0.95), maxMs: at(1) };
console.log(JSON.stringify({ ...result, barMs: BAR_MS, isHeld: sorted.length > 0 && at(0.95) < BAR_MS }));
