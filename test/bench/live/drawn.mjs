// @ts-check
/**
 * From connect() in a program to its edge on the screen: the real window, live, and the moment its canvas is given one
 * curve more than in any picture before. Names are no part of it: labels that find no room are painted later.
 *
 * node test/bench/live/drawn.mjs [--samples 20]
 */
import { parseArgs } from "node:util";
import { electronRuntime } from "../../../scripts/setup/electron-runtime.mjs";
import { openDisplay } from "../../e2e/display.mjs";
import { openWindow, untilLive } from "../../e2e/window.mjs";
import { endAll, start } from "../../truth/children.mjs";
import { createNetwork } from "../../truth/network.mjs";
import { pause } from "./program.mjs";

const BAR_MS = 250;
const SETTLE_MS = 3000;
/** Not in step with the pauses of helper, core and page. */
const BETWEEN_MS = [1137, 1273, 1061, 1311, 1189];

/** Runs in the page: when a picture first had one more curve. */
function watchCurves() {
  /** @type {number[]} */
  const newMs = [];
  let inPicture = 0;
  let most = 0;
  const { bezierCurveTo, clearRect } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.clearRect = function clear(...area) {
    inPicture = 0;
    return Reflect.apply(clearRect, this, area);
  };
  CanvasRenderingContext2D.prototype.bezierCurveTo = function curve(...points) {
    inPicture += 1;
    if (inPicture > most) {
      most = inPicture;
      newMs.push(Date.now());
    }
    return Reflect.apply(bezierCurveTo, this, points);
  };
  Reflect.set(globalThis, "newCurvesMs", newMs);
}

const curvesMs = () => /** @type {number[]} */ (Reflect.get(globalThis, "newCurvesMs"));

/**
 * Contacts an address after the other; nobody listens there. On standard output: when each began.
 * @param {readonly string[]} addresses @param {readonly number[]} betweenMs
 */
const contacts = (addresses, betweenMs) => `
const { connect } = require("node:net");
const addresses = ${JSON.stringify(addresses)};
const betweenMs = ${JSON.stringify(betweenMs)};
(function next(number) {
  if (number === addresses.length) return;
  console.log(JSON.stringify({ begunMs: Date.now() }));
  connect(9, addresses[number]).on("error", () => undefined);
  setTimeout(next, betweenMs[number % betweenMs.length], number + 1);
})(0);
`;

/** @param {number} samples @returns {Promise<number[]>} */
async function measure(samples) {
  const addresses = Array.from({ length: samples }, (_, number) => `10.78.0.${number + 1}`);
  const network = createNetwork(addresses);
  const display = await openDisplay();
  const { path: electron } = await electronRuntime();
  const window = await openWindow({ electron, display: display.display });
  try {
    await untilLive(window.page);
    await window.page.evaluate(watchCurves);
    await pause(SETTLE_MS);
    const program = start(network.inClient([process.execPath, "-e", contacts(addresses, BETWEEN_MS)]));
    await program.succeeded();
    await pause(SETTLE_MS);
    const painted = await window.page.evaluate(curvesMs);
    const begun = program.lines.map(({ begunMs }) => Number(begunMs));
    return begun.flatMap((begunMs, number) => {
      const paintedMs = painted.find((ms) => ms >= begunMs && ms < (begun[number + 1] ?? Number.POSITIVE_INFINITY));
      return paintedMs === undefined ? [] : [paintedMs - begunMs];
    });
  } finally {
    endAll();
    await window.close();
    display.close();
    network.destroy();
  }
}

const { values } = parseArgs({ options: { samples: { type: "string", default: "20" } } });
const samples = Number(values.samples);
const sorted = (await measure(samples)).sort((a, b) => a - b);
/** @param {number} share */
const at = (share) => sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
const unseen = samples - sorted.length; // a curve that went out of the picture as another came in
const result = { bench: "drawn", samples: sorted.length, unseen, medianMs: at(0.5), p95Ms: at(0.95), maxMs: at(1) };
console.log(JSON.stringify({ ...result, barMs: BAR_MS, isHeld: sorted.length > 0 && at(0.95) < BAR_MS }));
