/**
 * Sources of names that many systems simply do not have. Without one, names
 * are known in other ways; that is worth a line, not a warning.
 */
import type { Coverage, Feature } from "./coverage.ts";

const OPTIONAL: ReadonlySet<string> = new Set(["resolver-monitor", "hosts-file"]);
/** One C library among others that could not be watched, `libc-lookups <path>`; none at all is a real gap. */
const ONE_LIBRARY = /^libc-lookups ./;

export const isOptionalSource = ({ id }: Feature): boolean => OPTIONAL.has(id) || ONE_LIBRARY.test(id);

/** What is not seen and should be. */
export const missingFeatures = ({ features }: Coverage): readonly Feature[] =>
  features.filter((feature) => !feature.isAttached && !isOptionalSource(feature));

/** Optional sources that are not there, or may not be read. */
export const absentSources = ({ features }: Coverage): readonly Feature[] =>
  features.filter((feature) => !feature.isAttached && isOptionalSource(feature));
