/** The exact command that installs a package here. */
import { findProgram } from "./choose-launch.ts";

export interface PackageNames {
  readonly apt: string;
  readonly dnf: string;
  readonly pacman: string;
  readonly zypper: string;
}

const MANAGERS = [
  { program: "apt-get", key: "apt", command: "apt-get install -y" },
  { program: "dnf", key: "dnf", command: "dnf install -y" },
  { program: "zypper", key: "zypper", command: "zypper install -y" },
  { program: "pacman", key: "pacman", command: "pacman -S --noconfirm" },
] as const;

export async function installCommand(packages: PackageNames): Promise<string> {
  const prefix = process.getuid?.() === 0 ? "" : "sudo ";
  for (const { program, key, command } of MANAGERS) {
    if ((await findProgram(program)) !== null) return `${prefix}${command} ${packages[key]}`;
  }
  return `install ${packages.apt} (Debian's name) with your package manager`;
}
