/** A node's name, safe to show; a program may have chosen an empty one. */
import { displayText } from "../core/model/display-text.ts";

export const displayName = (label: string): string => (label.trim() === "" ? "(no name)" : displayText(label));
