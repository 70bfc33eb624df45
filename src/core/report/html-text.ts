/**
 * HTML from trusted templates and untrusted text. Whatever is interpolated is
 * made display-safe and escaped, unless it is Html itself: forgetting to
 * escape is not possible, only escaping twice would be.
 */
import { displayText } from "../model/display-text.ts";

/** Markup that is already safe. Only `html` makes it. */
export interface Html {
  readonly markup: string;
}

export type HtmlPart = Html | string | number | null | undefined | readonly HtmlPart[];

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Safe inside an element and inside a quoted attribute. */
const escapeText = (text: string): string =>
  displayText(text).replace(/[&<>"']/g, (character) => ESCAPES[character] ?? "");

const isHtml = (part: HtmlPart): part is Html => typeof part === "object" && part !== null && "markup" in part;

function markupOf(part: HtmlPart): string {
  if (part === null || part === undefined) return "";
  if (typeof part === "string") return escapeText(part);
  if (typeof part === "number") return String(part);
  return isHtml(part) ? part.markup : part.map(markupOf).join("");
}

export function html(template: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  let markup = "";
  template.forEach((text, index) => {
    markup += text + markupOf(parts[index]);
  });
  return { markup };
}

/** A link where the address is one a person can follow; else its text alone. */
export function link(url: string, text: HtmlPart): Html {
  return /^https?:\/\/[^\s]+$/.test(url) ? html`<a href="${url}" rel="noopener noreferrer">${text}</a>` : html`${text}`;
}
