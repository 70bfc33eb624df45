import { describe, expect, it } from "vitest";
import { programNames } from "../../../../src/core/classify/program-names.ts";

const named = (exe: string | null, argv: string[] | null, filename: string | null = exe, comm: string | null = null) =>
  programNames({ exe, filename, argv, comm });

describe("programNames", () => {
  it("takes the base name of the executable", () => {
    expect(named("/usr/bin/mongod", ["mongod", "--port", "1"])).toEqual(["mongod"]);
  });

  it("finds the package and the script behind an interpreter", () => {
    expect(named("/usr/bin/node", ["node", "/app/node_modules/next/dist/bin/next", "dev"])).toEqual(["next", "node"]);
    expect(named("/usr/bin/node20", ["node", "/a/node_modules/@angular/cli/bin/ng.js"])).toEqual([
      "@angular/cli",
      "ng",
      "ng.js",
      "node20",
    ]);
  });

  it("takes the innermost package of nested ones", () => {
    expect(named("/usr/bin/node", ["node", "/a/node_modules/x/node_modules/y/z.js"])[0]).toBe("y");
  });

  it("skips interpreter options and their values", () => {
    expect(named("/usr/bin/node", ["node", "-r", "ts-node", "--inspect", "server.js"])).toEqual([
      "server",
      "server.js",
      "node",
    ]);
  });

  it("takes the module of python -m", () => {
    expect(named("/usr/bin/python3.11", ["python3", "-m", "streamlit.web.cli", "run"])).toEqual([
      "streamlit",
      "python3.11",
    ]);
  });

  it("finds no name in inline code", () => {
    expect(named("/usr/bin/bash", ["bash", "-c", "curl example.com"])).toEqual(["bash"]);
  });

  it("knows the name a program was started by", () => {
    expect(named("/usr/bin/node", ["node", "/usr/bin/mongosh"], "/usr/bin/mongosh")).toContain("mongosh");
    expect(named("/bin/busybox", ["wget"], "/usr/bin/wget")).toEqual(["wget", "busybox"]);
  });

  it("ignores a replaced executable's mark", () => {
    expect(named("/usr/bin/code (deleted)", null, null)).toEqual(["code"]);
  });

  it("falls back to comm only where nothing better is known", () => {
    expect(named(null, null, null, "mongod")).toEqual(["mongod"]);
    expect(named("/usr/bin/curl", null, null, "mongod")).toEqual(["curl"]);
    expect(named(null, null, null, null)).toEqual([]);
  });

  it("looks at a bounded number of arguments", () => {
    const argv = ["node", ...Array.from({ length: 100_000 }, () => "--x"), "late.js"];
    expect(named("/usr/bin/node", argv)).toEqual(["node"]);
  });
});
