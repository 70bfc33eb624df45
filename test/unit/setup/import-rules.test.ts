import { describe, expect, test } from "vitest";
import { judgeImport } from "../../../scripts/test/import-rules.mjs";
import { findCycles, findUnreached, parseImports } from "../../../scripts/test/source-imports.mjs";

type Imported = Parameters<typeof judgeImport>[1];
const relative = (target: string, isTypeOnly = false): Imported => ({ specifier: "./x.ts", target, isTypeOnly });
const bare = (specifier: string): Imported => ({ specifier, target: undefined, isTypeOnly: false });

describe("the import rules", () => {
  test.each([
    ["core/session/session.ts", relative("core/event/decode-event.ts")],
    ["renderer/App.tsx", relative("core/model/format.ts")],
    ["renderer/App.tsx", relative("core/graph/graph.ts", true)],
    ["helper/index.ts", relative("contract/helper-protocol.ts")],
    ["helper/index.ts", bare("node:net")],
    ["main/index.ts", bare("electron")],
  ])("let %s import what its layer may", (file, imported) => {
    expect(judgeImport(file, imported)).toBeUndefined();
  });

  test.each([
    ["core/session/session.ts", relative("contract/ipc-schema.ts"), "core knows no contract"],
    ["core/session/session.ts", bare("node:fs"), "core does no I/O"],
    ["core/session/session.ts", bare("react"), "core takes no package"],
    ["renderer/App.tsx", relative("core/session/session.ts"), "the window computes nothing"],
    ["renderer/App.tsx", relative("main/index.ts", true), "not even types of main"],
    ["renderer/App.tsx", bare("electron"), "the window speaks through preload"],
    ["helper/index.ts", bare("lodash"), "root loads no npm package"],
    ["helper/index.ts", relative("core/event/decode-event.ts"), "root interprets nothing"],
    ["cli/index.ts", bare("electron"), "the terminal knows no Electron"],
    ["somewhere/new.ts", bare("node:fs"), "a new layer needs a row"],
  ])("refuse %s %j: %s", (file, imported, _why) => {
    expect(judgeImport(file, imported)).toContain(file);
  });
});

describe("reading imports", () => {
  test("tells types, values, passing on, side effects and workers apart", () => {
    const source = `
      import type { A } from "./a.ts";
      import { type B, type C } from "./b.ts";
      import { type D, e } from "../core/e.ts";
      import "./side.ts";
      export { f } from "./f.ts";
      // import { no } from "./no.ts";
      const later = await import("./g.ts");
      new Worker(new URL("./h.worker.ts", import.meta.url));`;
    const found = parseImports("main/index.ts", source);
    expect(found.map(({ target, isTypeOnly, isReExport }) => [target, isTypeOnly, isReExport])).toEqual([
      ["main/a.ts", true, false],
      ["main/b.ts", true, false],
      ["core/e.ts", false, false],
      ["main/side.ts", false, false],
      ["main/f.ts", false, true],
      ["main/g.ts", false, false],
      ["main/h.worker.ts", false, false],
    ]);
  });

  test("follows several lines of names", () => {
    expect(parseImports("a/b.ts", `import {\n  one,\n  two,\n} from "node:fs";`)).toMatchObject([
      { specifier: "node:fs" },
    ]);
  });
});

describe("the graph of imports", () => {
  const value = (target: string) => ({ specifier: target, target, isTypeOnly: false, isReExport: false });
  const sources = new Map([
    ["a.ts", { imports: [value("b.ts")] }],
    ["b.ts", { imports: [value("c.ts")] }],
    ["c.ts", { imports: [value("b.ts")] }],
    ["d.ts", { imports: [{ ...value("a.ts"), isTypeOnly: true }] }],
  ]);

  test("shows a circle with the files in it", () => {
    expect(findCycles(sources)).toEqual([["b.ts", "c.ts", "b.ts"]]);
  });

  test("counts imports of types as well", () => {
    const typesOnly = new Map([
      ["a.ts", { imports: [value("b.ts")] }],
      ["b.ts", { imports: [{ ...value("a.ts"), isTypeOnly: true }] }],
    ]);
    expect(findCycles(typesOnly)).toEqual([["a.ts", "b.ts", "a.ts"]]);
  });

  test("shows files that no program reaches", () => {
    expect(findUnreached(sources, ["a.ts"])).toEqual(["d.ts"]);
  });
});
