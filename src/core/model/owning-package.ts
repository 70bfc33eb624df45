/** The package of the system that a file belongs to, by the package manager's own records. */
export const PACKAGE_MANAGERS = ["dpkg", "rpm", "pacman"] as const;
export type PackageManager = (typeof PACKAGE_MANAGERS)[number];

export interface OwningPackage {
  readonly manager: PackageManager;
  readonly name: string;
  /** null: its records do not tell. */
  readonly version: string | null;
}
