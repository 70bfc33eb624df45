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

/** What is seen in part only, by hook: a fallback is attached there that lacks something. */
export const partlySeen = ({
  features,
}: Coverage): readonly { readonly id: string; readonly refusal: string; readonly lacks: string }[] =>
  features.flatMap(({ id, isAttached, fallback }) => {
    if (!isAttached || fallback === undefined || fallback.lacks === null) return [];
    return [{ id, refusal: fallback.refusal, lacks: fallback.lacks }];
  });
