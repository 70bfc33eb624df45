import { expect, test } from "vitest";
import { groupOfCgroup } from "../../../../src/core/graph/program-group.ts";
import { identifyProgram } from "../../../../src/core/graph/program-identity.ts";
import { edgeId, nodeId, processKey } from "../../../../src/core/model/ids.ts";
import type { Process } from "../../../../src/core/model/process.ts";

const processOf = (exe: string | null, argv: readonly string[] | null, filename: string | null = exe): Process => ({
  key: processKey(1, 1),
  pid: 1,
  startTimeNs: 1,
  exe,
  isExeDeleted: null,
  filename,
  argv,
  comm: "comm",
  uid: 0,
  ancestors: [],
  cgroup: null,
  exitedAtNs: null,
});

test("a program is its executable, by its base name", () => {
  expect(identifyProgram(processOf("/usr/bin/curl", ["curl", "x"]))).toEqual({
    id: "program:/usr/bin/curl",
    label: "curl",
    exe: "/usr/bin/curl",
    script: null,
    container: null,
  });
});

test("without an executable the comm stands for it, in brackets like in ps", () => {
  expect(identifyProgram(processOf(null, null))).toMatchObject({ id: "program:[comm]", label: "comm" });
});

test("flows of nobody belong to the unknown program", () => {
  expect(identifyProgram(null)).toEqual({
    id: "program:",
    label: "unknown program",
    exe: null,
    script: null,
    container: null,
  });
});

test("an executable replaced while running is the same by name", () => {
  expect(identifyProgram(processOf("/usr/bin/curl (deleted)", ["curl"])).label).toBe("curl");
});

test.each([
  ["/usr/bin/python3.11", ["python3", "/opt/backup.py", "--all"], "/opt/backup.py", "backup.py"],
  ["/usr/bin/python3.11", ["/usr/bin/python3", "-u", "-W", "ignore", "sync.py"], "sync.py", "sync.py"],
  ["/usr/bin/python3.11", ["python3", "-m", "http.server", "8000"], "http.server", "http.server"],
  ["/usr/bin/python3.11", ["python3", "-c", "import os"], null, "python3.11"],
  ["/usr/bin/python3.11", ["python3"], null, "python3.11"],
  ["/usr/bin/python3.11", ["python3", "-"], null, "python3.11"],
  ["/usr/bin/node", ["node", "-r", "./hook.js", "/srv/shop/index.js"], "/srv/shop/index.js", "shop/index.js"],
  ["/usr/bin/node", ["node", "--max-old-space-size=4096", "/usr/bin/npm", "install"], "/usr/bin/npm", "npm"],
  ["/usr/bin/node", ["node", "-e", "1"], null, "node"],
  ["/usr/bin/node", ["node", "/srv/shop/dist/server.js"], "/srv/shop/dist/server.js", "shop/server.js"],
  ["/usr/bin/node", ["node", "dist/server.js"], "dist/server.js", "dist/server.js"],
  ["/usr/lib/electron33/electron", ["electron", "/usr/lib/a/app.asar"], "/usr/lib/a/app.asar", "a/app.asar"],
  ["/usr/lib/electron33/electron", ["electron", "."], null, "electron"],
  ["/usr/bin/bash", ["/bin/bash", "./deploy.sh"], "./deploy.sh", "deploy.sh"],
  ["/usr/bin/bash", ["bash", "-c", "curl x"], null, "bash"],
  ["/usr/bin/dash", ["sh", "-ec", "curl x"], null, "dash"],
  ["/usr/bin/dash", ["sh", "--", "-odd.sh"], "-odd.sh", "-odd.sh"],
  ["/usr/bin/perl", ["perl", "-I", "lib", "get.pl"], "get.pl", "get.pl"],
  ["/usr/bin/ruby3.1", ["ruby", "app.rb"], "app.rb", "app.rb"],
  [
    "/usr/lib/jvm/java-17/bin/java",
    ["java", "-Xmx2g", "-cp", "a.jar:b.jar", "com.example.Main"],
    "com.example.Main",
    "com.example.Main",
  ],
  ["/usr/lib/jvm/java-17/bin/java", ["java", "-jar", "/opt/jenkins.war"], "/opt/jenkins.war", "jenkins.war"],
  ["/usr/bin/deno", ["deno", "run", "fetch.ts"], "fetch.ts", "fetch.ts"],
])("%s with %j is %s, called %s", (exe, argv, script, label) => {
  const identity = identifyProgram(processOf(exe, argv));
  expect([identity.script, identity.label]).toEqual([script, label]);
  expect(identity.id).toBe(script === null ? `program:${exe}` : `program:${exe} ${script}`);
});

test("without arguments, what was given to exec names the script", () => {
  expect(identifyProgram(processOf("/usr/bin/python3.11", null, "/opt/backup.py")).script).toBe("/opt/backup.py");
  expect(identifyProgram(processOf("/usr/bin/python3.11", null, "/usr/bin/python3")).script).toBe(null);
  expect(identifyProgram(processOf("/usr/bin/python3.11", null, null)).script).toBe(null);
});

test.each([
  ["/user.slice/user-1000.slice/user@1000.service/app.slice/app-gnome-firefox-4242.scope", "application"],
  ["/user.slice/user-1000.slice/user@1000.service/app.slice/app-org.kde.kate@1234.service", "application"],
  ["/user.slice/user-1000.slice/user@1000.service/app.slice/app-flatpak-org.gimp.GIMP-99.scope", "application"],
  ["/user.slice/user-1000.slice/user@1000.service/app.slice/snap.code.code-8.scope", "application"],
  ["/user.slice/user-1000.slice/user@1000.service/app.slice/vte-spawn-1-2-3.scope", "command-line"],
  ["/user.slice/user-1000.slice/user@1000.service/app.slice/app-org.gnome.Terminal.slice/x.scope", "command-line"],
  ["/user.slice/user-1000.slice/session-3.scope", "command-line"],
  ["/user.slice/user-1000.slice/user@1000.service/app.slice/syncthing.service", "service"],
  ["/user.slice/user-1000.slice/user@1000.service/session.slice/pipewire.service", "service"],
  ["/system.slice/ssh.service", "service"],
  ["/system.slice/docker-0123456789ab.scope", "container"],
  ["/machine.slice/libpod-0123.scope/container", "container"],
  ["/kubepods.slice/kubepods-burstable.slice/cri-containerd-77.scope", "container"],
  ["/system.slice/docker.service", "service"],
  ["/system.slice/containerd.service", "service"],
  ["/docker/0123456789ab", "container"],
  ["/lxc.payload.web", "container"],
  ["/", "unknown"],
  [null, "unknown"],
])("what runs in %s is %s", (cgroup, group) => {
  expect(groupOfCgroup(cgroup)).toBe(group);
});

test("no script or file can be called so that two contacts share an id", () => {
  const python = "/usr/bin/python3";
  const idOf = (exe: string, script?: string) =>
    identifyProgram(processOf(exe, script === undefined ? [exe] : [exe, script])).id;
  const service = idOf("/tmp/q -> destination:api.example");
  const backup = edgeId(idOf(python, "/opt/backup.py"), service);
  const forged = edgeId(idOf(python, "/opt/backup.py -> program:/tmp/q"), nodeId("destination:api.example"));
  expect(forged).not.toBe(backup);
  expect(idOf("/tmp/a -> -> b").includes(" -> ")).toBe(false);
});
