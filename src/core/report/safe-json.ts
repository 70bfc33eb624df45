/**
 * JSON that is safe to print on a terminal. JSON.stringify escapes C0 controls
 * but passes C1 and bidirectional controls through; as \u escapes they mean
 * the same to every parser and nothing to a terminal.
 */
const UNSAFE_IN_OUTPUT =
  /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udc7f]/g;

export function safeJson(value: unknown, indentSpaces = 0): string {
  return JSON.stringify(value, null, indentSpaces).replace(UNSAFE_IN_OUTPUT, (unsafe) =>
    unsafe
      .split("")
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}
