/** Where and how large the window was. */
import type { Rectangle } from "electron";
import { readJsonFile, writeJsonFile } from "./json-file.ts";

export interface WindowBounds extends Partial<Pick<Rectangle, "x" | "y">> {
  readonly width: number;
  readonly height: number;
}

const DEFAULT_BOUNDS: WindowBounds = { width: 1280, height: 800 };
export const MINIMUM_SIZE = { width: 640, height: 480 };
const MAX_PX = 16_384;

const isPx = (value: unknown, least: number): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= least && value <= MAX_PX;

export function parseBounds(value: unknown): WindowBounds {
  if (typeof value !== "object" || value === null) return DEFAULT_BOUNDS;
  const { x, y, width, height } = value as Record<string, unknown>;
  if (!isPx(width, MINIMUM_SIZE.width) || !isPx(height, MINIMUM_SIZE.height)) return DEFAULT_BOUNDS;
  return isPx(x, -MAX_PX) && isPx(y, -MAX_PX) ? { x, y, width, height } : { width, height };
}

/** A window on a screen that is no longer there would be out of reach: then only the size is kept. */
export function boundsOnScreens(bounds: WindowBounds, screens: readonly Rectangle[]): WindowBounds {
  const { x, y, width, height } = bounds;
  if (x === undefined || y === undefined) return bounds;
  const isVisible = screens.some(
    (screen) =>
      x + width > screen.x + 64 &&
      x < screen.x + screen.width - 64 &&
      y >= screen.y &&
      y < screen.y + screen.height - 64,
  );
  return isVisible ? bounds : { width, height };
}

export const loadBounds = async (path: string): Promise<WindowBounds> => parseBounds(await readJsonFile(path));
export const saveBounds = (path: string, bounds: WindowBounds): Promise<void> => writeJsonFile(path, bounds);
