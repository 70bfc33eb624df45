/** Narrowing of parsed JSON that we wrote ourselves: the first fault throws, naming its place, what was expected and what came. */

export function fail(place: string, expected: string, got: unknown): never {
  const shown = typeof got === "string" ? JSON.stringify(got.slice(0, 80)) : got === null ? "null" : typeof got;
  throw new Error(`${place}: expected ${expected}, got ${shown}`);
}

export function parseObject(value: unknown, place: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) fail(place, "an object", value);
  return value as Record<string, unknown>;
}

export function parseText(value: unknown, place: string): string {
  if (typeof value !== "string" || value === "") fail(place, "a text", value);
  return value;
}

/** null and an absent field both mean: not known. */
export function parseNullableText(value: unknown, place: string): string | null {
  return value === undefined || value === null ? null : parseText(value, place);
}

export function parseArray<T>(value: unknown, place: string, parse: (item: unknown, place: string) => T): readonly T[] {
  if (!Array.isArray(value)) fail(place, "a list", value);
  return value.map((item, index) => parse(item, `${place}[${index}]`));
}

export function parseTexts(value: unknown, place: string): readonly string[] {
  const texts = parseArray(value, place, parseText);
  if (texts.length === 0) fail(place, "at least one text", "");
  return texts;
}

export function parseChoice<T extends string>(value: unknown, choices: readonly T[], place: string): T {
  const choice = choices.find((candidate) => candidate === value);
  return choice ?? fail(place, `one of ${choices.join(", ")}`, value);
}
