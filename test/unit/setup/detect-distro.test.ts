import { describe, expect, test } from "vitest";
import { detectDistro, parseOsRelease } from "../../../scripts/setup/detect-distro.mjs";

describe("which package manager a system has", () => {
  test.each([
    ["Debian 12", 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n', "apt"],
    ["Linux Mint, which is like Ubuntu", 'ID=linuxmint\nID_LIKE="ubuntu debian"\n', "apt"],
    ["Fedora", "NAME='Fedora Linux'\nID=fedora\n", "dnf"],
    ["Rocky Linux", 'ID="rocky"\nID_LIKE="rhel centos fedora"\n', "dnf"],
    ["EndeavourOS, which is like Arch", "ID=endeavouros\nID_LIKE=arch\n", "pacman"],
    ["openSUSE Tumbleweed", 'ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"\n', "zypper"],
    ["NixOS, which we do not know", "ID=nixos\n", undefined],
    ["a system that inherits a name from Object", "ID=constructor\n", undefined],
    ["an empty file", "", undefined],
  ])("is found for %s", (_name, osRelease, manager) => {
    expect(detectDistro(osRelease).manager).toBe(manager);
  });

  test("comes with the name the system gives itself", () => {
    expect(detectDistro('PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian').name).toBe(
      "Debian GNU/Linux 12 (bookworm)",
    );
    expect(detectDistro("").name).toBe("this system");
  });
});

test("os-release fields may be quoted in either way, or not at all", () => {
  expect(parseOsRelease("A=plain\nB=\"double quoted\"\nC='single'\n# D=comment\nnonsense\nE=")).toEqual({
    A: "plain",
    B: "double quoted",
    C: "single",
    E: "",
  });
});
