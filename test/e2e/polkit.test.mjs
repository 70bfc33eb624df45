// @ts-check
/** An ordinary user, the system's real polkit, and the line between them and root. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { electronRuntime } from "../../scripts/setup/electron-runtime.mjs";
import { endAll, until } from "../truth/children.mjs";
import { repoDir } from "../truth/programs.mjs";
import { openDisplay } from "./display.mjs";
import { missingForPolkit, openPolkitSession, STRANGER, USER } from "./polkit-session.mjs";
import { openWindow, photograph, textOf, untilLive, writeWrapper } from "./window.mjs";

const missing = missingForPolkit();

/** A user that is nobody else: what the helper becomes. */
const NO_ONE = 2_147_450_881;

/** @param {number} pid @param {"Uid" | "NoNewPrivs"} field @returns {number[]} */
const statusOf = (pid, field) => {
  const line = new RegExp(`^${field}:(.*)$`, "m").exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1] ?? "";
  return line.trim().split(/\s+/).map(Number);
};

/** @param {(argv: readonly string[]) => boolean} test @returns {{ pid: number, argv: readonly string[] } | undefined} */
function findProcess(test) {
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    try {
      const argv = readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0");
      if (test(argv)) return { pid: Number(name), argv };
    } catch {
      // it ended while we looked
    }
  }
  return undefined;
}

/** The helper that serves a socket of our user: root's process, not the shell or pkexec before it. */
const findHelper = () => {
  const found = findProcess(
    (argv) =>
      argv.some((word) => word.endsWith("helper.mjs")) &&
      argv.includes(String(USER.uid)) &&
      !/pkexec|sh$/.test(argv[0] ?? ""),
  );
  const socket = found?.argv[found.argv.indexOf("--socket") + 1];
  return found === undefined || socket === undefined ? undefined : { pid: found.pid, socket };
};

/**
 * Someone who is not the helper tries its socket: what they get before it closes, or the error.
 * @param {readonly string[]} asWho @param {string} socket
 */
function knock(asWho, socket) {
  const program = `let got = 0;
require("net").connect(${JSON.stringify(socket)})
  .on("error", (error) => console.log(error.code))
  .on("data", (data) => { got += data.length; })
  .on("end", () => console.log("closed after " + got + " bytes"));`;
  const [command = "", ...args] = [...asWho, process.execPath, "-e", program];
  return spawnSync(command, args, { encoding: "utf8", timeout: 5000 }).stdout.trim();
}

/** @param {"YES" | "NO"} answer @param {number} [thinkingSec] */
async function openAsUser(answer, thinkingSec = 0) {
  const { path: electron } = await electronRuntime();
  const display = await openDisplay({ isShared: true });
  process.env.DISPLAY = display.display;
  const session = await openPolkitSession(answer, {
    repo: repoDir,
    electron: path.dirname(electron),
    thinkingSec,
  }).catch((error) => {
    display.close();
    throw error;
  });
  /** @type {Awaited<ReturnType<typeof openWindow>> | undefined} */
  let window;
  const close = async () => {
    await window?.close();
    await session.close();
    display.close();
  };
  try {
    window = await openWindow({
      electron: writeWrapper(path.join(session.directory, "electron-as-user"), session.as(USER, [session.electron])),
      display: display.display,
      appDir: session.repo,
      isOrdinaryUser: true,
    });
  } catch (error) {
    await close();
    throw error;
  }
  return { session, window, close };
}

describe.skipIf(missing !== undefined)(
  `as an ordinary user through polkit${missing === undefined ? "" : ` (${missing})`}`,
  () => {
    /** @type {(() => Promise<void>) | undefined} */
    let closeAll;
    const displayBefore = process.env.DISPLAY;
    afterEach(async () => {
      await closeAll?.();
      closeAll = undefined;
      endAll();
      if (displayBefore === undefined) delete process.env.DISPLAY;
      else process.env.DISPLAY = displayBefore;
    });

    test("the window goes live unprivileged while the helper alone had root", async () => {
      const THINKING_SEC = 2;
      const { window, session, close } = await openAsUser("YES", THINKING_SEC);
      closeAll = close;
      const socket = await until("the socket for the helper", () =>
        readdirSync(session.runtimeDir)
          .map((name) => path.join(session.runtimeDir, name, "helper.sock"))
          .find((file) => existsSync(file)),
      );
      await window.page.locator('[data-testid="status-bar"] [data-mode="waiting-for-permission"]').waitFor();
      expect(knock(session.as(STRANGER, []), socket)).toBe("EACCES");
      expect(knock(session.as(USER, []), socket)).toBe("closed after 0 bytes"); // even the user is not root
      await untilLive(window.page);
      const appPid = window.application.process().pid ?? 0;
      expect(statusOf(appPid, "Uid")).toEqual([USER.uid, USER.uid, USER.uid, USER.uid]);
      const helper = findHelper();
      expect(helper).toBeDefined();
      if (helper === undefined) return;
      /* it was root: nobody else becomes another user and holds CAP_BPF (bit 39). It is no longer, once attached */
      await until("the helper to leave root", () => statusOf(helper.pid, "NoNewPrivs")[0] === 1);
      expect(readFileSync(`/proc/${helper.pid}/status`, "latin1")).toMatch(/^CapEff:\s*0000008000000000$/m);
      expect(statusOf(helper.pid, "Uid")).toEqual([NO_ONE, NO_ONE, NO_ONE, NO_ONE]);

      await closeAll();
      closeAll = undefined;
      const closedMs = Date.now();
      await until("the helper to go", () => !existsSync(`/proc/${helper.pid}`), 3000);
      expect(Date.now() - closedMs).toBeLessThan(1000);
    });

    test("a refusal is a clear state in the window with what to do", async () => {
      const { window, close } = await openAsUser("NO");
      closeAll = close;
      await window.page.locator('[data-testid="status-bar"] [data-mode="problem"]').waitFor({ timeout: 20_000 });
      const text = await textOf(window.page.locator("body"));
      expect(text).toMatch(/permission|refused|not allowed/i);
      expect(findHelper()).toBeUndefined();
      await photograph(window.application, window.page, "refused");
    });

    test("the terminal that may not ask says what to do, with its own exit code", async () => {
      const session = await openPolkitSession("NO", { repo: repoDir });
      closeAll = session.close;
      const [command = "", ...args] = session.as(USER, [
        process.execPath,
        "out/node/cli.mjs",
        "watch",
        "--seconds",
        "2",
        "--json",
      ]);
      const ended = spawnSync(command, args, { encoding: "utf8", timeout: 20_000 });
      expect(ended.status).toBe(3);
      expect(ended.stderr).toMatch(/permission|root/i);
    });

    test("our own installed action is enough, and only that: the terminal goes live without any other right", async () => {
      const session = await openPolkitSession("YES", { repo: repoDir, hasOwnAction: true });
      closeAll = session.close;
      /** @param {readonly string[]} words */
      const asUser = (...words) => {
        const [command = "", ...args] = session.as(USER, words);
        return spawnSync(command, args, { encoding: "utf8", timeout: 20_000 });
      };
      expect(asUser("pkexec", "--disable-internal-agent", "id").status).toBe(127);
      const watched = asUser(process.execPath, "out/node/cli.mjs", "watch", "--seconds", "1", "--json");
      expect(watched.stderr).not.toMatch(/permission|refused/i);
      expect(watched.status).toBe(0);
    });
  },
);
