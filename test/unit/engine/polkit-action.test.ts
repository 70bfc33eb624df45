import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findPolkitLauncher, parseLauncherPath } from "../../../src/engine/polkit-action.ts";
import { temporaryFolders } from "./temporary-folder.ts";

const policy = (launcher: string): string => `<policyconfig><action id="org.telltale.capture">
  <annotate key="org.freedesktop.policykit.exec.path">${launcher}</annotate>
</action></policyconfig>`;
const newFolder = temporaryFolders();

describe("our polkit action", () => {
  test("names the launcher it allows", () => {
    expect(parseLauncherPath(policy("/usr/lib/telltale/telltale-helper"))).toBe("/usr/lib/telltale/telltale-helper");
  });

  test("with a relative or no launcher names none", () => {
    expect(parseLauncherPath(policy("telltale-helper"))).toBeUndefined();
    expect(parseLauncherPath("<policyconfig/>")).toBeUndefined();
  });

  test("is not used when it is not installed", async () => {
    expect(await findPolkitLauncher(join(newFolder(), "absent.policy"))).toBeNull();
  });

  test("is not used when others than root can change its launcher", async () => {
    const dir = newFolder();
    const launcher = join(dir, "launcher");
    writeFileSync(launcher, "#!/bin/sh\n");
    chmodSync(launcher, 0o777);
    writeFileSync(join(dir, "action.policy"), policy(launcher));
    expect(await findPolkitLauncher(join(dir, "action.policy"))).toBeNull();
  });

  test("is used when its launcher belongs to root alone", async () => {
    const dir = newFolder();
    writeFileSync(join(dir, "action.policy"), policy("/bin/true"));
    expect(await findPolkitLauncher(join(dir, "action.policy"))).toBe("/bin/true");
  });
});
