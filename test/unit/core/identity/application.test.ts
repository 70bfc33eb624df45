import { expect, test } from "vitest";
import { helperOf } from "../../../../src/core/identity/application.ts";
import { areInstalledTogether } from "../../../../src/core/identity/install-dir.ts";
import { processKey } from "../../../../src/core/model/ids.ts";
import type { Process } from "../../../../src/core/model/process.ts";

type Line = readonly (readonly [exe: string | null, ...argv: string[]])[];

/** The process itself first, then its ancestors; pids count down to 1. */
function helper(...line: Line) {
  const [own, ...above] = line;
  const process: Process = {
    key: processKey(100, 1),
    pid: 100,
    startTimeNs: 1,
    exe: own?.[0] ?? null,
    isExeDeleted: null,
    filename: null,
    argv: own?.slice(1).map(String) ?? null,
    comm: "comm",
    uid: 1000,
    ancestors: above.map(([exe, ...argv], index) => ({ pid: 99 - index, exe, argv })),
    cgroup: null,
    exitedAtNs: null,
  };
  const found = helperOf(process);
  return found === null ? null : `${found.helper} of ${found.application.exe} (${found.application.pid})`;
}

const CODE = "/usr/share/code/code";
const CHROME = "/opt/google/chrome/chrome";
const SYSTEMD = "/usr/lib/systemd/systemd";

test("a Chromium process of a type is its application's, through other helpers", () => {
  const utility = [CODE, CODE, "--type=utility", "--utility-sub-type=network.mojom.NetworkService"] as const;
  expect(helper(utility, [CODE, CODE], [SYSTEMD])).toBe("utility process of /usr/share/code/code (99)");
  const renderer = [CHROME, CHROME, "--type=renderer"] as const;
  const zygote = [CHROME, CHROME, "--type=zygote"] as const;
  expect(helper(renderer, zygote, zygote, [CHROME, CHROME], ["/usr/bin/gnome-shell"])).toBe(
    `renderer process of ${CHROME} (97)`,
  );
});

test("a helper brought along is the application's, whose directory it shares", () => {
  expect(helper(["/opt/google/chrome/chrome_crashpad_handler", "x"], [CHROME, CHROME])).toBe(
    `chrome_crashpad_handler of ${CHROME} (99)`,
  );
  expect(helper(["/usr/lib/firefox/pingsender", "x"], ["/usr/lib/firefox/firefox"])).toBe(
    "pingsender of /usr/lib/firefox/firefox (99)",
  );
  const steam = "/home/a/.local/share/Steam";
  expect(
    helper([`${steam}/ubuntu12_64/steamwebhelper`, "x"], ["/usr/bin/bash"], [`${steam}/ubuntu12_32/steam`, "steam"]),
  ).toBe(null);
  expect(helper([`${steam}/ubuntu12_64/steamwebhelper`, "x"], [`${steam}/ubuntu12_32/steam`, "steam"])).toBe(
    `steamwebhelper of ${steam}/ubuntu12_32/steam (99)`,
  );
});

test("a web engine of the system works for whoever started it", () => {
  const network = "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/WebKitNetworkProcess";
  expect(helper([network, "WebKitNetworkProcess", "7"], ["/usr/bin/epiphany", "epiphany"])).toBe(
    "WebKitNetworkProcess of /usr/bin/epiphany (99)",
  );
  expect(
    helper(
      ["/usr/libexec/webkit2gtk-4.1/WebKitWebProcess"],
      ["/usr/bin/bwrap"],
      ["/usr/bin/bwrap"],
      ["/usr/bin/evolution"],
      [SYSTEMD],
    ),
  ).toBe("WebKitWebProcess of /usr/bin/evolution (97)");
  expect(helper(["/usr/lib/qt6/libexec/QtWebEngineProcess", "q", "--type=renderer"], ["/usr/bin/falkon"])).toBe(
    "QtWebEngineProcess of /usr/bin/falkon (99)",
  );
  expect(helper([network], [SYSTEMD])).toBe(null);
  expect(helper(["/home/a/WebKitNetworkProcess"], ["/usr/lib/firefox/firefox"])).toBe(null);
});

test("no argument makes a program another's", () => {
  const type = "--type=utility";
  expect(helper(["/tmp/evil", "firefox", type], ["/usr/lib/firefox/firefox", "firefox"])).toBe(null);
  expect(helper(["/home/a/firefox/firefox", "firefox", type], ["/usr/lib/firefox/firefox"])).toBe(null);
  expect(helper(["/usr/bin/curl", CODE, type], ["/usr/bin/bash"], [CODE, CODE])).toBe(null);
  expect(helper(["/tmp/chrome_crashpad_handler"], ["/tmp/chrome"])).toBe(null);
});

test("what merely lies beside its parent, or is started in its terminal, stays itself", () => {
  expect(helper(["/usr/lib/postgresql/15/bin/psql", "psql"], ["/usr/lib/postgresql/15/bin/postgres"])).toBe(null);
  expect(helper(["/usr/bin/git", "git"], ["/usr/bin/bash"], [CODE, CODE])).toBe(null);
  expect(helper(["/usr/lib/systemd/systemd-helper", "x"], [SYSTEMD])).toBe(null);
  expect(helper([null], [CODE])).toBe(null);
  expect(helper([CODE, CODE, "--type=utility"])).toBe(null);
});

test("an application started from another's terminal keeps its helpers", () => {
  const app = ["/usr/lib/electron33/electron", "electron", "/usr/lib/b/app.asar"] as const;
  const outer = ["/usr/lib/electron33/electron", "electron", "/usr/lib/a/app.asar"] as const;
  const utility = ["/usr/lib/electron33/electron", "electron", "--type=utility"] as const;
  expect(helper(utility, app, ["/usr/bin/bash"], outer)).toBe("utility process of /usr/lib/electron33/electron (99)");
});

test.each([
  ["/opt/google/chrome/chrome", "/opt/google/chrome/crashpad", true],
  ["/usr/lib/firefox/firefox", "/usr/lib/firefox/sub/pingsender", true],
  ["/usr/lib/x86_64-linux-gnu/webkit/a", "/usr/lib/x86_64-linux-gnu/webkit/b", true],
  ["/snap/code/1/a", "/snap/code/1/usr/b", true],
  ["/app/bin/a", "/app/lib/b", true],
  ["/usr/bin/a", "/usr/bin/b", false],
  ["/usr/lib/a", "/usr/lib/b", false],
  ["/usr/lib/x86_64-linux-gnu/a", "/usr/lib/x86_64-linux-gnu/b", false],
  ["/usr/lib/systemd/a", "/usr/lib/systemd/b", false],
  ["/home/u/Downloads/a", "/home/u/Downloads/b", false],
  ["/home/u/.local/bin/a", "/home/u/.local/bin/b", false],
  ["/opt/a", "/opt/b", false],
  ["/tmp/x/a", "/tmp/x/b", false],
  ["a", "b", false],
])("%s and %s are installed together: %s", (a, b, expected) => {
  expect(areInstalledTogether(a, b)).toBe(expected);
});
