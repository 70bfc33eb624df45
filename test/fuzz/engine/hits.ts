/**
 * One counter for each block of the instrumented code. The instrumentation
 * (scripts/fuzz/instrument.mjs) writes `hits[7]++` into the code under test and
 * imports this. Counters wrap at 256, as AFL's do.
 */
export const MAX_BLOCKS = 16_384;
export const hits = new Uint8Array(MAX_BLOCKS);
