// @ts-check
/**
 * How Node and Electron are started for the engine. V8 collects short-lived
 * objects when 16 MB of them are there; at some 100,000 records a second flows
 * in progress are then copied about again and again, a fifth of all work. With
 * 64 MB most have ended before. It grows to that only under such a load.
 */
const YOUNG_GENERATION = "--max-semi-space-size=64";

/** For Node's command line. bin/telltale says the same in its first line. */
export const NODE_SWITCHES = [YOUNG_GENERATION];
/** For Electron's. */
export const ELECTRON_SWITCHES = [`--js-flags=${YOUNG_GENERATION}`];
