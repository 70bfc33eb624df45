import { expect, test } from "vitest";
import { contextOf } from "../../../../src/core/identity/process-context.ts";
import { decodeUnitName } from "../../../../src/core/identity/systemd-unit.ts";

const USER = "/user.slice/user-1000.slice/user@1000.service";

test.each([
  // Debian, Ubuntu, Fedora, Arch: services of the system
  ["/system.slice/cron.service", "cron.service", "service", null],
  ["/system.slice/system-getty.slice/getty@tty1.service", "getty@tty1.service", "service", null],
  ["/system.slice/system-postgresql.slice/postgresql@15-main.service", "postgresql@15-main.service", "service", null],
  ["/system.slice/docker.service", "docker.service", "service", null],
  ["/system.slice/system-cups.slice/cups.service", "cups.service", "service", null],
  ["/system.slice/dbus.socket", "dbus.socket", "other", null],
  ["/init.scope", "init.scope", "scope", null],
  // a service that has cgroups of its own
  ["/system.slice/udev.service/udev", "udev.service", "service", null],
  ["/system.slice/snap.lxd.daemon.service/anything.scope", "snap.lxd.daemon.service", "service", null],
  // logins and users' services
  ["/user.slice/user-1000.slice/session-3.scope", "session-3.scope", "scope", null],
  [`${USER}/app.slice/app-gnome-firefox-4242.scope`, "app-gnome-firefox-4242.scope", "scope", 1000],
  [`${USER}/app.slice/app-org.kde.kate@1f3a.service`, "app-org.kde.kate@1f3a.service", "service", 1000],
  [`${USER}/app.slice/app-google\\x2dchrome-77.scope`, "app-google-chrome-77.scope", "scope", 1000],
  [`${USER}/session.slice/pipewire.service`, "pipewire.service", "service", 1000],
  [`${USER}/app.slice/app-dbus\\x2d:1.2\\x2dorg.a11y.slice/x.service`, "x.service", "service", 1000],
  [`${USER}/init.scope`, "init.scope", "scope", 1000],
  [USER, "user@1000.service", "service", null],
  // a user's manager is one only where the system put it
  [`${USER}/app.slice/user@0.service/evil.service`, "user@0.service", "service", 1000],
  ["/user.slice", "user.slice", "slice", null],
])("%s is of the unit %s", (cgroup, name, kind, ownerUid) => {
  expect(contextOf(cgroup, "/usr/bin/x").unit).toEqual({ name, kind, ownerUid });
});

test.each(["/", "/docker/buildkit", "/lxc.monitor.web", null])("%s is of no unit", (cgroup) => {
  expect(contextOf(cgroup, null).unit).toBe(null);
});

test("escapes are decoded byte by byte, and kept where they are no text", () => {
  expect(decodeUnitName("dev-disk-by\\x2dlabel-caf\\xc3\\xa9.swap")).toBe("dev-disk-by-label-café.swap");
  expect(decodeUnitName("a\\xff.service")).toBe("a\\xff.service");
  expect(decodeUnitName("a\\x2.service")).toBe("a\\x2.service");
});
