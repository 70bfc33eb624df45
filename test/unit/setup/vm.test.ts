import { describe, expect, test } from "vitest";
import { dependenciesOf } from "../../../scripts/vm/kernel-modules.mjs";
import { kernelsPage } from "../../../scripts/vm/kernels-page.mjs";
import { areGood, checksOf, withEarlierScenarios } from "../../../scripts/vm/results.mjs";
import { judgeVariant, VARIANTS } from "../../../scripts/vm/variants.mjs";

const answer = {
  kernel: "6.1.0-1-amd64",
  isWhole: true,
  probe: {
    kernel: "6.1.0-1-amd64",
    loadMs: 7000,
    features: [{ id: "connect4", isAttached: true, reason: null, verifiedInstructions: 1234 }],
    checks: [{ title: "counts bytes", passed: true, detail: null }],
  },
  scenarios: [
    { id: "1", title: "TCP download", status: "passed", detail: "" },
    { id: "N10d", title: "musl", status: "unavailable", detail: "no musl-gcc" },
  ],
};
const result = {
  name: "6.1",
  date: "2026-11-28",
  packageName: "linux-image-6.1.0-1-amd64",
  isEmulated: true,
  answer,
  unavailable: null,
  error: null,
};
const state = { lockdown: "", unprivilegedBpf: "2", mounts: "", btf: false };
const variant = (name: string) => {
  const found = VARIANTS.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no variant ${name}`);
  return found;
};

describe("a module of the kernel", () => {
  test("tells what it stands on", () => {
    expect(dependenciesOf(Buffer.from("\0license=GPL\0depends=9pnet,netfs-x\0retpoline=Y\0"))).toEqual([
      "9pnet",
      "netfs_x",
    ]);
    expect(dependenciesOf(Buffer.from("\0depends=\0"))).toEqual([]);
  });
});

describe("the result of a kernel", () => {
  test("is good when all is attached and what could be played was right", () => {
    expect(areGood({ kernels: { "6.1": result }, variants: {} })).toBe(true);
  });

  test("is not good when a program was refused", () => {
    const features = [{ id: "egress", isAttached: false, reason: "too large" }];
    const refused = { ...result, answer: { ...answer, probe: { ...answer.probe, features } } };
    expect(checksOf(refused)).toContainEqual({
      title: "all programs are loaded and attached",
      passed: false,
      detail: "egress: too large",
    });
  });

  test("is not good when the machine ran out of time, whatever it said before", () => {
    const late = { ...result, answer: { ...answer, isWhole: false }, error: "took longer than 300 s" };
    expect(areGood({ kernels: { "6.1": late }, variants: {} })).toBe(false);
  });

  test("of a quick look keeps the same day's scenarios of the same kernel, and no others", () => {
    const { scenarios, ...quick } = answer;
    const looked = { ...result, answer: quick };
    expect(withEarlierScenarios(looked, result).answer?.scenarios).toEqual(scenarios);
    expect(withEarlierScenarios(looked, { ...result, date: "2026-11-27" })).toBe(looked);
    const updated = { ...looked, answer: { ...quick, kernel: "6.1.0-2-amd64" } };
    expect(withEarlierScenarios(updated, result)).toBe(updated);
  });

  test("is no failure where the kernel cannot be had", () => {
    const absent = { ...result, answer: null, unavailable: "no apt" };
    expect(areGood({ kernels: { "6.1": absent }, variants: {} })).toBe(true);
  });
});

describe("a variant", () => {
  test("must be told in the words a user is promised", () => {
    const said = {
      ...answer,
      state,
      watch: { exitCode: 4, text: "something else" },
      doctor: { exitCode: 4, text: "" },
    };
    expect(judgeVariant(variant("no-btf"), said).map(({ passed }) => passed)).toEqual([true, false, false]);
  });

  test("that captures must pass the probe's checks too", () => {
    const doctor = { exitCode: 0, text: "Telltale can capture here." };
    const locked = { ...state, lockdown: "none [integrity] confidentiality" };
    const said = { ...answer, state: locked, watch: { exitCode: 0, text: "live\n" }, doctor };
    expect(judgeVariant(variant("lockdown"), said).every(({ passed }) => passed)).toBe(true);
    expect(judgeVariant(variant("lockdown"), { ...said, probe: { kernel: "6.1" } }).every(({ passed }) => passed)).toBe(
      false,
    );
  });
});

test("the page tells kernels, what was not played, instructions and variants", () => {
  const tried = { name: "no-btf", title: "no BTF", kernel: "6.1", date: "2026-11-28", says: "It | says", checks: [] };
  const page = kernelsPage({ kernels: { "6.1": result }, variants: { "no-btf": tried } });
  expect(page).toContain(
    "| 6.1 | 6.1.0-1-amd64 (linux-image-6.1.0-1-amd64) | 2026-11-28 | 1 of 1 | 7000 ms | 1 of 1 |",
  );
  expect(page).toContain("1 right, 0 wrong, 1 not played");
  expect(page).toContain("- 6.1: not played: N10d musl: no musl-gcc");
  expect(page).toContain("| connect4 | 1234 |");
  expect(page).toContain("| no BTF | 6.1 | 2026-11-28 | It \\| says | 0 of 0 |");
});
