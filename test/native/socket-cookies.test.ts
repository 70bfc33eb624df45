/** Asking other processes' sockets for their cookies must not wait for whoever made what lies behind a descriptor. */
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { expect, it } from "vitest";
import { compile, hasCompiler, makeFolder } from "./compile.ts";

const LIMIT_MS = 8000;

it.skipIf(!hasCompiler("cc"))("goes on where closing a descriptor never ends", { timeout: LIMIT_MS * 2 }, () => {
  const dir = makeFolder();
  const sources = ["test/native/programs/socket-cookies.c", "native/socket-cookies.c"];
  const program = compile("cc", dir, sources, ["-Wl,--wrap=close"]);
  const { status, signal } = spawnSync(program, { timeout: LIMIT_MS });
  rmSync(dir, { recursive: true });
  expect({ status, signal }).toEqual({ status: 0, signal: null });
});
