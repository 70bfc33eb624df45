import { describe, expect, it } from "vitest";
import { createInstrumenter } from "../../../scripts/fuzz/instrument.mjs";

/** Runs the body of a function of `x` as it is and instrumented: results alike, and how often which block ran. */
function compare(code: string, inputs: readonly unknown[]) {
  const { instrument, blocks } = createInstrumenter();
  const wrapped = `const f = (x) => {${code}};`;
  const run = (text: string, hits: Uint8Array): unknown[] => {
    const f = new Function("__hits", `${text}; return f;`)(hits) as (x: unknown) => unknown;
    return inputs.map((input) => f(input));
  };
  const hits = new Uint8Array(64);
  const before = run(wrapped, hits);
  const after = run(instrument(wrapped), hits);
  return { before, after, counted: [...hits.subarray(0, blocks())] };
}

describe("instrumented code", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["branches without braces", "if (x > 2) return 1; else if (x > 1) return 2; return 3;"],
    ["a dangling else", "let y = 0; if (x > 0) if (x > 2) y = 1; else y = 2; return y;"],
    ["nested conditions", "return x > 2 ? 'a' : x > 1 ? 'b' : x && 'c';"],
    ["objects as the value of an arrow function", "const make = (y) => ({ y, z: y ?? 1 }); return make(x).y;"],
    ["a default parameter and destructuring", "const g = ({ a = x || 7 } = {}) => a; return g() + g({ a: 1 });"],
    [
      "switches that fall through",
      "let y = 0; switch (x) { case 1: case 2: y += 1; case 3: y += 2; break; default: y = 9; } return y;",
    ],
    [
      "loops of every kind",
      "let y = 0; for (const i of [1, 2]) y += i; for (let i = 0; i < x; i += 1) y += 1; while (y < 5) y += 1; do y += 1; while (y < 9); return y;",
    ],
    ["caught errors", "try { return x.a.b; } catch { return 'none'; }"],
    [
      "methods and getters",
      "class A { #v = x; get v() { return this.#v; } m() { return () => this.v; } } return new A().m()();",
    ],
  ];

  it.each(cases)("does what the code does: %s", (_, code) => {
    const { before, after } = compare(code, [0, 1, 2, 3, undefined, { a: { b: 4 } }]);
    expect(after).toEqual(before);
  });

  it("counts each side of a branch by itself", () => {
    // In this order: the function, the branch taken, the branch not taken.
    expect(compare("if (x) return 1; return 2;", [true, true, true, false]).counted).toEqual([4, 3, 1]);
    expect(compare("return x ? 1 : 2;", [true, false, false]).counted).toEqual([3, 1, 2]);
    expect(compare("return x && 1;", [true, false, false]).counted).toEqual([3, 1]);
  });

  it("gives the words of the code to mutation, numbers as wire formats write them", () => {
    const { instrument, literals } = createInstrumenter();
    instrument('const a = x === "Host" || x === 0xfe0d || x === 7;');
    expect(literals().map((bytes) => [...bytes])).toEqual([[...new TextEncoder().encode("Host")], [0xfe, 0x0d], [7]]);
  });
});
