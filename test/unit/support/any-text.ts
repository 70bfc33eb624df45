/** Texts to try what must hold for every text. */
import fc from "fast-check";

/**
 * A character or a lone surrogate; often enough one of `telling`, which the
 * code under test cares about. fast-check's own units of all code points take
 * three seconds to build.
 */
export const anyUnit = (telling: string): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constantFrom(...telling),
    fc.nat(0xffff).map((code) => String.fromCharCode(code)),
    fc.nat(0x10_ffff).map((code) => String.fromCodePoint(code)),
  );
