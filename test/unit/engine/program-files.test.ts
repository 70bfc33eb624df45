import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { pidsOfDeletedExecutables, startTicksIn } from "../../../src/engine/deleted-executables.ts";
import { desktopNameOf, parseDesktopEntry } from "../../../src/engine/desktop-entries.ts";
import { readSmallFile } from "../../../src/engine/read-small-file.ts";
import { temporaryFolders } from "./temporary-folder.ts";

const folder = temporaryFolders();

function entryDir(entries: Readonly<Record<string, string>>): string {
  const dir = folder();
  for (const [name, lines] of Object.entries(entries)) {
    writeFileSync(join(dir, name), `[Desktop Entry]\nType=Application\n${lines}\n[Desktop Action x]\nName=No\n`);
  }
  return dir;
}

describe("menu entries", () => {
  it("name the program they start", async () => {
    const dir = entryDir({
      "a.desktop": "Name=Text Editor\nName[de]=Texteditor\nExec=env GTK=1 /usr/bin/editor-x %U",
      "org.gimp.GIMP.desktop": "Name=GNU Image Manipulation Program\nExec=/usr/bin/flatpak run org.gimp.GIMP",
      "firefox_firefox.desktop": "Name=Firefox\nExec=env X=1 /snap/bin/firefox %u",
      "readme.txt": "Name=No\nExec=/usr/bin/editor-x",
    });
    expect(await desktopNameOf("/usr/bin/editor-x", null, [dir])).toBe("Text Editor");
    expect(await desktopNameOf("/app/bin/gimp", { kind: "flatpak", id: "org.gimp.GIMP" }, [dir])).toBe(
      "GNU Image Manipulation Program",
    );
    expect(await desktopNameOf("/snap/firefox/1/firefox", { kind: "snap", id: "firefox" }, [dir])).toBe("Firefox");
    expect(await desktopNameOf("/usr/bin/flatpak-x", null, [dir, join(dir, "none")])).toBe(null);
  });

  it.each([
    ["hidden", "[Desktop Entry]\nType=Application\nName=A\nExec=a\nHidden=true\n"],
    ["a link", "[Desktop Entry]\nType=Link\nName=A\nExec=a\n"],
    ["nameless", "[Desktop Entry]\nType=Application\nExec=a\n"],
    ["a novel", `[Desktop Entry]\nType=Application\nName=${"a".repeat(101)}\nExec=a\n`],
    ["no entry", "Name=A\nExec=a\n"],
    ["without program", "[Desktop Entry]\nType=Application\nName=A\nExec=env A=1\n"],
  ])("are not believed when %s", (_, text) => {
    expect(parseDesktopEntry(text)).toBe(undefined);
  });
});

describe("replaced executables", () => {
  const stat = (ticks: number): string =>
    `7 (a) b) (c) S ${Array.from({ length: 18 }, (_, index) => index).join(" ")} ${ticks} 1 2\n`;

  function processes(): string {
    const dir = folder();
    const add = (pid: number, target: string, ticks: number): void => {
      mkdirSync(join(dir, String(pid)));
      symlinkSync(target, join(dir, String(pid), "exe"));
      writeFileSync(join(dir, String(pid), "stat"), stat(ticks));
    };
    add(7, "/usr/bin/a (deleted)", 1234);
    add(8, "/usr/bin/a", 1234);
    add(9, "/usr/bin/a (deleted)", 9999);
    return dir;
  }

  it("are those the kernel marks, of processes that are still the same", async () => {
    const of = (pid: number, exitedAtNs: number | null = null) => ({ pid, startTimeNs: 12_345_678_901, exitedAtNs });
    expect(await pidsOfDeletedExecutables([of(7), of(8), of(9), of(10)], processes())).toEqual([7]);
    expect(await pidsOfDeletedExecutables([of(7, 1)], processes())).toEqual([]);
  });

  it("are not looked for in what is no stat line", () => {
    expect(startTicksIn(stat(42))).toBe(42);
    for (const text of ["", "7 (a) S", "7 (a) S ".padEnd(200, "x ")]) expect(startTicksIn(text)).toBe(null);
  });
});

describe("small files", () => {
  it("are read whole; links, folders and larger ones are not", async () => {
    const dir = folder();
    const file = join(dir, "a");
    writeFileSync(file, "abc");
    symlinkSync(file, join(dir, "link"));
    expect((await readSmallFile(file, 3))?.toString()).toBe("abc");
    expect(await readSmallFile(file, 2)).toBe(null);
    for (const other of [join(dir, "link"), dir, join(dir, "none")]) expect(await readSmallFile(other, 99)).toBe(null);
  });
});
