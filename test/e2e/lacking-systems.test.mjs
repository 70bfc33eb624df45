// @ts-check
/** Systems that lack something the capture needs, made with mounts in a namespace of their own. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { repoDir } from "../truth/programs.mjs";
import { cliFile, flowsOf, HIDE_BTF, HIDE_CGROUP2, mountedCommand, run, telltaleWhere } from "./command-line.mjs";

const isRoot = process.getuid?.() === 0;
const recording = path.join(repoDir, "test/fixtures/recordings/names-and-bytes.telltale");
const directory = mkdtempSync(path.join(tmpdir(), "telltale-lack-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe.skipIf(!isRoot)("a kernel (needs root)", () => {
  test("without BTF is named with what to do", () => {
    const { status, stderr } = telltaleWhere(HIDE_BTF, "watch", "--seconds", "2", "--json");
    expect(stderr).toMatch(/BTF/);
    expect(stderr).toMatch(/CONFIG_DEBUG_INFO_BTF/);
    expect(status).toBe(4);
  });

  test("without cgroup v2 is named with what to do", () => {
    const { status, stderr } = telltaleWhere(HIDE_CGROUP2, "watch", "--seconds", "2", "--json");
    expect(stderr).toMatch(/cgroup v2/);
    expect(stderr).toMatch(/mount -t cgroup2/);
    expect(status).toBe(4);
  });

  test("without either is told by doctor too, which does not fail at it", () => {
    const { stdout } = telltaleWhere(`${HIDE_BTF}\n${HIDE_CGROUP2}`, "doctor", "--json");
    const report = JSON.parse(stdout);
    expect(JSON.stringify(report)).toMatch(/btf/i);
    expect(JSON.stringify(report)).toMatch(/cgroup/i);
  });
});

describe.skipIf(!isRoot)("a full disk (needs root)", () => {
  const disk = `mkdir -p ${directory}/disk; mount -t tmpfs -o size=32k tmpfs ${directory}/disk`;

  test("makes an export fail in plain words and leaves no half file", () => {
    const fill = `head -c 30000 /dev/zero > ${directory}/disk/filler`;
    const script = `"$@" --format html > ${directory}/disk/report.html; echo "status $?"`;
    const { stdout, stderr } = run(
      mountedCommand(`${disk}\n${fill}`, `set +e\n${script}`, process.execPath, cliFile, "report", recording),
    );
    expect(stderr).toMatch(/disk is full/i);
    expect(stdout).not.toMatch(/status 0/);
  });

  test("ends a recording with what was seen before kept and readable", () => {
    const file = `${directory}/disk/live.telltale`;
    /* 100 execs at nearly 2 kB each: more than the disk holds, however few processes the machine has */
    const busy = `(sleep 0.5; for i in $(seq 100); do /bin/true; sleep 0.01; done) &`;
    const script = `set +e
${busy}
"$1" "$2" record --seconds 3 ${file}; echo "record $?"; ls -A ${directory}/disk; "$1" "$2" replay ${file} --json`;
    const { stdout, stderr } = run(mountedCommand(disk, script, process.execPath, cliFile));
    expect(stderr).toMatch(/disk is full/i);
    expect(stdout).toMatch(/record [1-9]/);
    expect(stdout).toMatch(/^live\.telltale$/m);
    expect(stdout).not.toMatch(/\.part$/m);
    expect(flowsOf(stdout)).toBeInstanceOf(Array);
  });
});

describe.skipIf(!isRoot)("a data file (needs root)", () => {
  const rulesDir = path.join(repoDir, "resources/rules");
  test.each(["services.json", "programs.json", "owners.json"])(
    "%s that is damaged is named, and the flows are still there",
    (name) => {
      const spoil = `printf '{"broken' > ${directory}/broken; mount --bind ${directory}/broken ${path.join(rulesDir, name)}`;
      const { status, stdout, stderr } = telltaleWhere(spoil, "replay", recording, "--json");
      expect(stderr).toContain(name);
      expect(stderr).not.toMatch(/^\s+at /m);
      expect(status).not.toBe(0);
      expect(flowsOf(stdout).length).toBeGreaterThan(0);
    },
  );

  test("that is damaged is told in the report, which is written all the same", () => {
    const spoil = `printf '{"broken' > ${directory}/broken; mount --bind ${directory}/broken ${path.join(rulesDir, "services.json")}`;
    const { status, stdout } = telltaleWhere(spoil, "report", recording, "--format", "json");
    expect(status).toBe(1);
    expect(JSON.parse(stdout).notSeen.map((/** @type {{ id: string }} */ { id }) => id)).toContain("feature-rules");
  });

  test("that cannot be read at all is named", () => {
    const spoil = `mkdir ${directory}/nothing; mount --bind ${directory}/nothing ${rulesDir}`;
    const { status, stdout, stderr } = telltaleWhere(spoil, "replay", recording, "--json");
    expect(stderr).toMatch(/rules/);
    expect(status).not.toBe(0);
    expect(flowsOf(stdout).length).toBeGreaterThan(0);
  });
});
