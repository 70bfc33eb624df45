/** Loads the libbpf addon. It is the user's side of the helper too: Node has no SO_PEERCRED of its own. */
import { createRequire } from "node:module";
import type { NativeAddon } from "../helper/native.ts";

export type LoadAddonResult =
  | { readonly outcome: "loaded"; readonly addon: NativeAddon }
  | { readonly outcome: "failed"; readonly reason: string };

const VERBS = ["open", "peerCredentials", "dropPrivileges", "bootTimeNs"] as const;

function isAddon(value: unknown): value is NativeAddon {
  if (typeof value !== "object" || value === null) return false;
  return VERBS.every((verb) => typeof Reflect.get(value, verb) === "function");
}

export function loadAddon(addonFile: string): LoadAddonResult {
  try {
    const loaded: unknown = createRequire(import.meta.url)(addonFile);
    if (isAddon(loaded)) return { outcome: "loaded", addon: loaded };
    return { outcome: "failed", reason: `${addonFile} is not Telltale's addon: build it again` };
  } catch (error) {
    return { outcome: "failed", reason: error instanceof Error ? error.message : String(error) };
  }
}
