/** The canvas's colours, read from tokens.css so that there is one place for them. */
import { TONES, type Tone } from "../tone.ts";

export interface Palette {
  readonly canvas: string;
  readonly ink: string;
  readonly inkQuiet: string;
  readonly focus: string;
  readonly edge: string;
  readonly tile: string;
  readonly tileInk: string;
  readonly disc: string;
  readonly tones: Readonly<Record<Tone, string>>;
}

export function readPalette(style: CSSStyleDeclaration): Palette {
  const color = (name: string): string => style.getPropertyValue(name).trim();
  return {
    canvas: color("--canvas"),
    ink: color("--ink"),
    inkQuiet: color("--ink-2"),
    focus: color("--focus"),
    edge: color("--graph-edge"),
    tile: color("--graph-tile"),
    tileInk: color("--graph-tile-ink"),
    disc: color("--graph-disc"),
    tones: Object.fromEntries(TONES.map((tone) => [tone, color(`--tone-${tone}`)])) as Record<Tone, string>,
  };
}
