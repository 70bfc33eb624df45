/**
 * Whether two executables were installed together. /usr/bin and its like hold
 * everybody's; only a directory that one application has for itself counts.
 */

/** The part of a path that belongs to one application. */
const OWN_DIRS: readonly RegExp[] = [
  /^\/opt\/[^/]+/,
  /^\/usr\/(?:local\/)?(?:lib|lib64|libexec|share)\/[\w.]+-linux-gnu[^/]*\/[^/]+/,
  /^\/usr\/(?:local\/)?(?:lib|lib64|libexec|share)\/(?![^/]*-linux-gnu)(?!systemd\/)[^/]+/,
  /^(?:\/var\/lib\/snapd)?\/snap\/[^/]+\/[^/]+/,
  /^\/var\/lib\/flatpak\/(?:app|runtime)\/[^/]+/,
  // Inside its sandbox a Flatpak has /app for itself.
  /^(?:\/newroot)?\/app\b/,
  /^\/tmp\/\.mount_[^/]+/,
  /^\/nix\/store\/[^/]+/,
  // "~/Downloads" is no application, "~/.local/share/Steam" and "~/apps/idea" are.
  /^\/(?:home\/[^/]+|root)\/[^/]+\/(?!bin\/)[^/]+/,
];

function commonDir(a: string, b: string): string {
  const limit = Math.min(a.lastIndexOf("/"), b.lastIndexOf("/")) + 1;
  let end = 0;
  for (let index = 0; index < limit && a[index] === b[index]; index += 1) if (a[index] === "/") end = index + 1;
  return a.slice(0, end);
}

/** Both paths lie below one directory that is an application's own. */
export function areInstalledTogether(a: string, b: string): boolean {
  const dir = commonDir(a, b);
  return OWN_DIRS.some((pattern) => {
    const own = pattern.exec(dir)?.[0];
    return own !== undefined && dir.startsWith(`${own}/`);
  });
}
