/** What the user set in the window, kept between starts. */
import { type Preferences, REQUESTS } from "../contract/ipc-schema.ts";
import { readJsonFile, writeJsonFile } from "./json-file.ts";

export const DEFAULT_PREFERENCES: Preferences = { theme: "system", leftWidthPx: 280, rightWidthPx: 360 };

/** Absent, damaged, or of another version: the defaults. */
export function parsePreferences(value: unknown): Preferences {
  try {
    return REQUESTS.savePreferences.parse(value);
  } catch {
    return DEFAULT_PREFERENCES;
  }
}

export interface PreferencesStore {
  readonly load: () => Promise<Preferences>;
  readonly save: (preferences: Preferences) => Promise<void>;
}

/** `apply` is called with what was loaded and with every change. */
export function openPreferences(path: string, apply: (preferences: Preferences) => void): PreferencesStore {
  let writing: Promise<void> = Promise.resolve();
  return {
    load: async () => {
      const preferences = parsePreferences(await readJsonFile(path));
      apply(preferences);
      return preferences;
    },
    save: (preferences) => {
      apply(preferences);
      // One after the other: the last one wins.
      writing = writing.then(() => writeJsonFile(path, preferences));
      return writing;
    },
  };
}
