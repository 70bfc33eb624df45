import { expect, it } from "vitest";
import { nodeId } from "../../../src/core/model/ids.ts";
import { answerProgramFiles } from "../../../src/main/program-files-request.ts";
import { tellStory } from "../support/story.ts";

const finder = {
  find: async (files: readonly string[]) =>
    new Map(files.map((file) => [file, { manager: "dpkg", name: `owner of ${file}`, version: null } as const])),
};

function story() {
  const told = tellStory();
  told.connect(2, told.exec(1, 4_194_000, "/usr/bin/curl"), 7, "198.51.100.10", 443);
  const script = told.exec(1, 4_194_001, "/usr/bin/python3.11", { argv: ["python3", "./here.py"] });
  told.connect(2, script, 8, "198.51.100.10", 443);
  told.session.ingest({ kind: "cgroups", cgroups: [{ id: "9", path: `/docker/${"ab".repeat(32)}` }] });
  told.connect(2, told.exec(1, 4_194_002, "/usr/bin/wget", { cgroupId: 9 }), 9, "198.51.100.10", 443);
  return told.session;
}

const ask = (id: string, isOfThisMachine = true) => answerProgramFiles(story(), nodeId(id), isOfThisMachine, finder);

it("tells the package of a program that was seen here", async () => {
  expect(await ask("program:/usr/bin/curl")).toMatchObject({
    outcome: "looked-up",
    package: { name: "owner of /usr/bin/curl" },
    isPackageKnown: true,
    deletedPids: [],
  });
});

it("tells no package of a script whose place is not known", async () => {
  expect(await ask("program:/usr/bin/python3.11 ./here.py")).toMatchObject({ package: null, isPackageKnown: false });
});

it("tells no package for a path inside a container", async () => {
  const inContainer = `program:/usr/bin/wget\0/docker/${"ab".repeat(32)}`;
  expect(await ask(inContainer)).toMatchObject({ package: null, isPackageKnown: false, desktopName: null });
});

it("looks at no file for a recording, or for what the session does not know", async () => {
  expect(await ask("program:/usr/bin/curl", false)).toMatchObject({ outcome: "not-here" });
  for (const id of ["program:/etc/shadow", "destination:198.51.100.10", "x"]) {
    expect(await ask(id)).toMatchObject({ outcome: "not-here" });
  }
});
