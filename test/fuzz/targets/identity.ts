/**
 * What a process is part of: lines of cgroup path, executable, arguments (in
 * one line, by tabs), and one ancestor's executable a line. Whatever they say,
 * a program is what its own executable or one of its ancestors' is.
 */
import { decodeUtf8 } from "../../../src/core/event/decode-text.ts";
import { identifyProgram } from "../../../src/core/graph/program-identity.ts";
import { helperOf } from "../../../src/core/identity/application.ts";
import { contextOf } from "../../../src/core/identity/process-context.ts";
import { processKey } from "../../../src/core/model/ids.ts";
import type { Process } from "../../../src/core/model/process.ts";
import { ensure, type FuzzTarget } from "../engine/fuzz-target.ts";
import { bytesOfText } from "../engine/seed-files.ts";

function processOf(input: Uint8Array): Process {
  const [cgroup = "", exe = "", command = "", ...above] = decodeUtf8(input, 0, input.length).split("\n");
  return {
    key: processKey(100, 1),
    pid: 100,
    startTimeNs: 1,
    exe: exe === "" ? null : exe,
    isExeDeleted: null,
    filename: null,
    argv: command === "" ? null : command.split("\t"),
    comm: "comm",
    uid: 1000,
    ancestors: above.slice(0, 16).map((ancestor, index) => ({ pid: 99 - index, exe: ancestor, argv: null })),
    cgroup: cgroup === "" ? null : cgroup,
    exitedAtNs: null,
  };
}

function run(input: Uint8Array): void {
  const process = processOf(input);
  const { container, unit } = contextOf(process.cgroup, process.exe);
  const identity = identifyProgram(process);
  const helper = helperOf(process);
  const possible = [process.exe, ...process.ancestors.map(({ exe }) => exe)];
  ensure(possible.includes(identity.exe), () => `${identity.exe} is none of ${JSON.stringify(possible)}`);
  if (helper === null) ensure(identity.exe === process.exe, () => `${identity.exe} without being a helper`);
  ensure(identity.id.includes("\0") || container === null, () => `${identity.id} in a container is the machine's`);
  // A user's manager is on the path where a user is said to own something.
  for (const ownerUid of [container?.ownerUid ?? null, unit?.ownerUid ?? null]) {
    const isOnPath = ownerUid === null || /(^|\/)user@\d+\.service(\/|$)/.test(process.cgroup ?? "");
    ensure(isOnPath, () => `user ${ownerUid} of ${process.cgroup}`);
  }
}

const ID = "3f4e8a1b".repeat(8);
const POD = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0";
const SEEDS = [
  `/system.slice/docker-${ID}.scope\n/usr/bin/postgres\n`,
  `/kubepods/burstable/pod${POD}/${ID}\n/usr/bin/python3.11\tpython3\t/opt/a.py`,
  "/user.slice/user-1000.slice/user@1000.service/app.slice/app-a\\x2db-1.scope\n/snap/code/1/code\ncode\t--type=zygote\n/snap/code/1/code",
  "/machine.slice/systemd-nspawn@a.service/payload/system.slice/b.service\n/usr/bin/java\njava\t-jar\ta.jar",
  "/lxc.payload.a\n/opt/a/b/chrome_crashpad_handler\n\n/opt/a/c",
];

export const target: FuzzTarget = {
  name: "identity",
  maxBytes: 300,
  longBytes: 64 * 1024,
  seeds: () => SEEDS.map(bytesOfText),
  words: [
    "user@1000.service/",
    `libpod-${ID}`,
    `docker-${ID}.scope`,
    "app-flatpak-a.b-1.scope",
    "\\x2d",
    "--type=utility",
  ],
  worst: () =>
    [
      "a.b-",
      "-pod",
      "/opt/a",
      "\\x2d",
      "\t--type=",
      "app-flatpak-a.",
      "snap.a.",
      "user@1.service/",
      "_-",
      "helper",
    ].map((part) => bytesOfText(part.repeat(Math.floor((64 * 1024) / part.length)))),
  run,
};
