import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { examineSystem } from "../../../src/engine/doctor.ts";
import { findPaths } from "../../../src/engine/find-paths.ts";

const rootDir = join(import.meta.dirname, "../../..");
const schema: object = JSON.parse(readFileSync(join(rootDir, "docs/schema/doctor.schema.json"), "utf8"));
const validate = new Ajv({ allowUnionTypes: true }).compile(schema);
const paths = findPaths(pathToFileURL(join(rootDir, "out/node/cli.mjs")).href);

describe("the doctor's report", () => {
  test("is what its schema says", async () => {
    validate(await examineSystem(paths));
    expect(validate.errors ?? []).toEqual([]);
  });

  test("has room for what a probe of the kernel says", async () => {
    const report = await examineSystem(paths);
    expect(report.probe).toBe(null);
    const hook = { id: "release", isAttached: true, reason: null, unseen: "ends" };
    const fallback = { refusal: "unknown func", lacks: "its last bytes" };
    const cost = { loadMs: 128.4, attachMs: 1, programs: [{ name: "x", instructions: 9, verifiedInstructions: null }] };
    validate({ ...report, probe: { problem: null, hooks: [hook, { ...hook, fallback }], cost } });
    expect(validate.errors ?? []).toEqual([]);
    validate({ ...report, probe: { problem: { code: "refused", detail: null }, hooks: [], cost: null } });
    expect(validate.errors ?? []).toEqual([]);
  });

  test("breaks the schema when a check loses its finding or gains a field", async () => {
    const report = await examineSystem(paths);
    const [first] = report.checks;
    expect(validate({ ...report, checks: [{ ...first, found: "" }] })).toBe(false);
    expect(validate({ ...report, checks: [{ ...first, extra: 1 }] })).toBe(false);
  });

  test("looks at everything once and says what to do about each part that is missing", async () => {
    const nowhere = join(rootDir, "test/unit/engine/nowhere");
    const report = await examineSystem({
      ...paths,
      addonFile: `${nowhere}.node`,
      objectFile: `${nowhere}.o`,
      helperFile: `${nowhere}.mjs`,
      libcWatchFile: nowhere,
    });
    const ids = report.checks.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(report.canCapture).toBe(false);
    const missing = report.checks.filter(({ id }) => ["addon", "bpf-object", "helper"].includes(id));
    expect(missing.map(({ isOk, isRequired, fix }) => ({ isOk, isRequired, fix }))).toEqual(
      Array.from({ length: 3 }, () => ({ isOk: false, isRequired: true, fix: "npm start (builds what is missing)" })),
    );
    expect(report.checks.find(({ id }) => id === "libc-watch")).toMatchObject({ isOk: false, isRequired: false });
    validate(report);
    expect(validate.errors ?? []).toEqual([]);
  });
});
