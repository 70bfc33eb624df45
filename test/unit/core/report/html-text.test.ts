import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { html, link } from "../../../../src/core/report/html-text.ts";
import { anyUnit } from "../../support/any-text.ts";

describe("html", () => {
  it("escapes text and keeps markup it made itself", () => {
    const inner = html`<b>${"<&>"}</b>`;
    expect(html`${inner}${null}${undefined}${7}${['a"', inner]}`.markup).toBe(
      "<b>&lt;&amp;&gt;</b>7a&quot;<b>&lt;&amp;&gt;</b>",
    );
  });

  it("lets no text end an element or an attribute, whatever comes in", () => {
    fc.assert(
      fc.property(fc.string({ unit: anyUnit("<>\"'&;/=") }), (text) => {
        expect(/[<>"']/.test(html`${text}`.markup)).toBe(false);
      }),
    );
  });
});

describe("link", () => {
  it("follows only web addresses", () => {
    expect(link("https://example.com/?a=1&b", "here").markup).toBe(
      '<a href="https://example.com/?a=1&amp;b" rel="noopener noreferrer">here</a>',
    );
    expect(link("javascript:alert(1)", "here").markup).toBe("here");
  });
});
