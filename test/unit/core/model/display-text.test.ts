import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { displayArguments, displayText, shortenMiddle } from "../../../../src/core/model/display-text.ts";
import { anyUnit } from "../../support/any-text.ts";

describe("displayText", () => {
  it("leaves printable text of any script as it is", () => {
    expect(displayText("/usr/bin/mongod --port 27017")).toBe("/usr/bin/mongod --port 27017");
    expect(displayText("größe 数据 שלום 🦊")).toBe("größe 数据 שלום 🦊");
  });

  it("shows terminal escapes as text", () => {
    expect(displayText("a\x1b[2Jb\r\n\x7f\x9b")).toBe("a\\x1b[2Jb\\x0d\\x0a\\x7f\\x9b");
  });

  it("shows characters that reorder or hide text", () => {
    expect(displayText("exe.\u202egnp")).toBe("exe.\\u202egnp");
    expect(displayText("pay\u200bpal\u2066\ufeff")).toBe("pay\\u200bpal\\u2066\\ufeff");
    // Hangul filler, grapheme joiner, variation selectors: found by fuzzing.
    expect(displayText("cu\u3164rl")).toBe("cu\\u3164rl");
    expect(displayText("a\u034fb\ufe0f\u{e0100}\u115f")).toBe("a\\u034fb\\ufe0f\\u{e0100}\\u115f");
    expect(displayText("x\u{e0041}")).toBe("x\\u{e0041}");
  });

  it("shows half a surrogate pair", () => {
    expect(displayText("a\ud800b")).toBe("a\\ud800b");
  });

  it("never lets an unsafe character through, whatever comes in", () => {
    const isUnsafe = (c: string): boolean =>
      /[\p{Cc}\p{Cs}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}]/u.test(c);
    fc.assert(
      fc.property(fc.string({ unit: anyUnit("\x1b\x7f\x9b\u200b\u202e\ufeff\u3164\u{e0100} a") }), (text) => {
        expect([...displayText(text)].filter(isUnsafe)).toEqual([]);
      }),
    );
  });
});

describe("shortenMiddle", () => {
  it("keeps a short text", () => expect(shortenMiddle("abcde", 5)).toBe("abcde"));
  it("keeps both ends of a long one", () => expect(shortenMiddle("abcdefghij", 5)).toBe("ab…ij"));
  it("does not split a character in two", () => expect(shortenMiddle("🦊🦊🦊🦊", 3)).toBe("🦊…🦊"));
  it("can leave the head alone", () => expect(shortenMiddle("abcdef", 2)).toBe("a…"));
});

describe("displayArguments", () => {
  it("quotes what a shell would split", () => {
    expect(displayArguments(["curl", "-H", "a: b", "https://example.com/?x"])).toBe(
      "curl -H 'a: b' 'https://example.com/?x'",
    );
  });

  it("shows empty, quoted and hostile arguments", () => {
    expect(displayArguments(["", "it's", "a\x1b]0;x\x07"])).toBe("'' 'it'\\''s' 'a\\x1b]0;x\\x07'");
  });
});
