import { describe, expect, test } from "vitest";
import { missingNeeds, packagesFor, SYSTEM_NEEDS } from "../../../scripts/setup/system-needs.mjs";
import { COMMANDS, commandLine } from "../../../scripts/setup/system-packages.mjs";

const nothing = { hasProgram: () => false, hasHeader: () => false, hasLibrary: () => false, hasFile: () => false };
const everything = { hasProgram: () => true, hasHeader: () => true, hasLibrary: () => true, hasFile: () => true };
const ids = (needs: readonly { id: string }[]): string[] => needs.map(({ id }) => id);

describe("what a system lacks", () => {
  test("is nothing where all is there", () => {
    expect(missingNeeds(["build", "run", "window", "test"], everything)).toEqual([]);
  });

  test("names only what the purpose needs", () => {
    expect(ids(missingNeeds(["run"], nothing))).toEqual(["libbpf"]);
    expect(ids(missingNeeds(["window"], nothing))).not.toContain("clang");
    expect(ids(missingNeeds(["build"], nothing))).toContain("clang");
  });

  test("counts a thing as there when any of its files is", () => {
    const withPolkit = { ...nothing, hasFile: (path: string) => path === "/usr/libexec/polkitd" };
    expect(ids(missingNeeds(["test"], withPolkit))).not.toContain("polkitd");
    expect(ids(missingNeeds(["test"], nothing))).toContain("polkitd");
  });
});

describe("the packages that bring it", () => {
  const gtk = SYSTEM_NEEDS.filter(({ id }) => id === "gtk 3");

  test("are the renamed ones where the system knows them", () => {
    expect(packagesFor(gtk, "apt", () => true)).toEqual(["libgtk-3-0t64"]);
    expect(packagesFor(gtk, "apt", (name) => name === "libgtk-3-0")).toEqual(["libgtk-3-0"]);
  });

  test("are named once, however many needs they meet", () => {
    const gcc = SYSTEM_NEEDS.filter(({ id }) => id === "g++");
    expect(packagesFor([...gcc, ...gcc], "pacman", () => true)).toEqual(["gcc"]);
  });

  test("exist in the table for every need and every manager", () => {
    for (const manager of ["apt", "dnf", "pacman", "zypper"] as const) {
      for (const name of packagesFor(SYSTEM_NEEDS, manager, () => true)) expect(name).toMatch(/^[a-z0-9][\w.+-]+$/);
    }
  });
});

test("the command we show refreshes apt's lists first, and asks for sudo at each part", () => {
  expect(commandLine("apt", ["clang", "make"], "sudo ")).toBe(
    "sudo apt-get update -q && sudo apt-get install -y -q --no-install-recommends clang make",
  );
  expect(commandLine("pacman", ["clang"], "")).toBe("pacman -Sy --needed --noconfirm clang");
});

test("no install command waits for an answer", () => {
  const isSilent = (command: readonly string[]): boolean =>
    /( -y|--noconfirm|--non-interactive)/.test(command.join(" "));
  expect(Object.values(COMMANDS).every(({ install }) => isSilent(install))).toBe(true);
});
