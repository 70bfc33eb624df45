import { expect, test } from "vitest";
import { contextOf } from "../../../../src/core/identity/process-context.ts";

const APPS = "/user.slice/user-1000.slice/user@1000.service/app.slice";

test.each([
  [`${APPS}/app-flatpak-org.mozilla.firefox-12345.scope`, "/app/lib/firefox/firefox", "flatpak", "org.mozilla.firefox"],
  [`${APPS}/app-flatpak-com.example.My\\x2dApp-7.scope`, "/newroot/app/bin/x", "flatpak", "com.example.My-App"],
  [`${APPS}/app-flatpak-org.gimp.GIMP-99.scope`, "/usr/bin/bwrap", "flatpak", "org.gimp.GIMP"],
  [`${APPS}/snap.firefox.firefox-8f3b2a.scope`, "/snap/firefox/4650/usr/lib/firefox/firefox", "snap", "firefox"],
  [`${APPS}/snap.code.code.0c4f.scope`, "/usr/bin/bash", "snap", "code"],
  ["/system.slice/snap.lxd.daemon.service", "/snap/lxd/29351/bin/lxd", "snap", "lxd"],
  ["/user.slice/session-2.scope", "/var/lib/snapd/snap/spotify/83/usr/share/spotify/spotify", "snap", "spotify"],
  ["/user.slice/session-2.scope", "/tmp/.mount_Obsidi7fKq2x/obsidian", "appimage", "Obsidi"],
  [null, "/tmp/.mount_krita-a1B2c3/usr/bin/krita", "appimage", "krita-"],
])("%s with %s is the %s %s", (cgroup, exe, kind, id) => {
  expect(contextOf(cgroup, exe).bundle).toEqual({ kind, id });
});

test.each([
  [`${APPS}/app-gnome-firefox-4242.scope`, "/usr/lib/firefox/firefox"],
  [`${APPS}/app-flatpak-noid-1.scope`, "/usr/bin/x"],
  ["/system.slice/snapd.service", "/usr/lib/snapd/snapd"],
  ["/system.slice/snapd.service", "/snap/README"],
  [null, "/tmp/mount_x/y"],
  [null, null],
])("%s with %s is of no bundle", (cgroup, exe) => {
  expect(contextOf(cgroup, exe).bundle).toBe(null);
});

test("a snap's name comes from its executable, which only root can place, before the cgroup's", () => {
  expect(contextOf(`${APPS}/snap.firefox.firefox-1.scope`, "/snap/code/1/bin/code").bundle?.id).toBe("code");
});
