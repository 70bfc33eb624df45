import { domainToASCII } from "node:url";
import fc from "fast-check";
import punycode from "punycode/punycode.js";
import { describe, expect, it } from "vitest";
import { displayDomain } from "../../../../src/core/model/display-domain.ts";
import { anyUnit } from "../../support/any-text.ts";

/** The A-label form of each label, whatever it holds. */
const encode = (name: string): string =>
  name
    .split(".")
    .map((label) => (/[^\0-\x7f]/.test(label) ? `xn--${punycode.encode(label)}` : label))
    .join(".");

const shown = (name: string): string => displayDomain(encode(name));

describe("displayDomain", () => {
  it.each([
    "münchen.example",
    "straße.example",
    "façade.example.fr",
    "tiếng-việt.example",
    "l·l.example".replace("l·l", "col·lecció"),
    "правда.example",
    "президент.рф",
    "ελλάδα.example",
    "みんな.example",
    "テスト.example",
    "ラーメン屋.example",
    "日本語abc.example",
    "中文网.example",
    "한국어.example",
    "ישראל.example",
    "مثال.example",
    "مثال.إختبار",
    "हिन्दी.example",
    "ไทยแลนด์.example",
    "தமிழ்.example",
    "ქართული.example",
    "հայերեն.example",
    "kırmızı.com.tr",
    "þing.is",
    "一号.example",
  ])("shows %s as people write it", (name) => {
    expect(shown(name)).toBe(name);
  });

  it.each([
    ["a whole label of Cyrillic that reads as Latin", "аррӏе.com"],
    ["the same in Greek", "νοκια.com".replace("κια", "υ")],
    ["a letter of another script among Latin ones", "pаypal.com"],
    ["Greek among Latin", "gοogle.com"],
    ["Latin with accents beside Han", "é中文.com"],
    ["Cyrillic beside Greek", "правдα.com"],
    ["turned and phonetic letters", "ɢoogle.com"],
    ["dotless i away from Turkish", "lıdl.com"],
    ["a slash look-alike", "example.com⁄path.evil.example"],
    ["a fraction slash of kana between Latin letters", "aノb.com"],
    ["a slash of kana beside Latin letters", "example〳login.com"],
    ["an apostrophe that is a letter", "паʼпа.com"],
    ["an Armenian apostrophe", "հայ՚երեն՛.com".replace("՚", "ՙ").replace("՛", "")],
    ["a whole label of Armenian that reads as Latin", "ցօօցլ.com"],
    ["Kazakh letters that read as Latin", "уұү.com"],
    ["hiragana he among katakana", "ヘへ.com"],
    ["katakana pe among hiragana", "ぺペん.com"],
    ["a dot look-alike", "a․b.com"],
    ["an ideographic full stop", "a。b.com"],
    ["a katakana middle dot", "a・b.com"],
    ["a right-to-left override", "a\u202eb.com"],
    ["an isolate", "\u2066abc.com"],
    ["a zero-width joiner", "क्‍ष.com"],
    ["a soft hyphen", "a\u00adb.com"],
    ["a zero-width space", "pay\u200bpal.com"],
    ["a variation selector", "中\ufe00.com"],
    ["a C1 control", "é\u009b2J.com"],
    ["a tag character", "é\u{e0041}.com"],
    ["a surrogate half", "é\ud800.com"],
    ["an unassigned code point", "é\u{50000}.com"],
    ["a private character", "\ue000.com"],
    ["an emoji", "💩.com"],
    ["a mark on its own", "\u0301a.com"],
    ["a mark that joins no letter", "q\u0301.com"],
    ["a decomposed letter", "e\u0301.com"],
    ["an upper-case letter", "É.com"],
    ["a compatibility form", "ﬁé.com"],
    ["full-width Latin", "ａｂ.com"],
    ["two systems of digits", "कa1२.com".replace("a", "")],
    ["digits of another script alone", "१२३.com"],
    ["letters that read as digits", "зउ.com"],
    ["historic Cyrillic", "ѯѱ.com"],
    ["a script few people read", "ᏣᎳᎩ.com"],
    ["the Arabic filler", "مـثال.com"],
    ["Hebrew quotes", "צה״ל.com"],
    ["a hyphen at the end", "münchen-.com"],
    ["hyphens where a prefix has them", "ab--é.com"],
    ["Hebrew and Latin in one label", "abcשלום.com"],
    ["a label from right to left beside one that begins with a digit", "1a.שלום.com"],
    ["two labels from right to left with others around", "a.שלום.עולם.com"],
    ["a Han stroke that reads as a hyphen", "a一b.com"],
    ["a label of strokes alone", "一.com"],
    ["a lengthening mark at the beginning", "ーラ.com"],
  ])("keeps %s as ASCII", (_what, name) => {
    expect(shown(name)).toBe(encode(name));
  });

  it("judges each label for itself", () => {
    expect(shown("аррӏе.münchen.example")).toBe(`${encode("аррӏе")}.münchen.example`);
  });

  it("shows look-alikes where their script is at home", () => {
    expect(shown("хосе.ru")).toBe("хосе.ru");
    expect(shown("хосе.рф")).toBe("хосе.рф");
    expect(shown("хосе.com")).toBe(encode("хосе.com"));
  });

  it("keeps what is not punycode, or not the only way to write it", () => {
    for (const name of ["xn--.com", "xn--a.com", "xn--abc-.com", "xn--0.com", "xn--99999999.com"]) {
      expect(displayDomain(name)).toBe(name);
    }
  });

  it("leaves names without internationalised labels alone, and words between names", () => {
    expect(displayDomain("api.segment.io")).toBe("api.segment.io");
    expect(displayDomain("192.0.2.1")).toBe("192.0.2.1");
    expect(displayDomain(`${encode("münchen")}.example or a.example`)).toBe("münchen.example or a.example");
  });

  it("makes text that is no name safe", () => {
    expect(displayDomain("xn--\u202e.com")).toBe("xn--\\u202e.com");
    expect(displayDomain("xn--\u001b[2J-9fa.com")).toBe("xn--\\x1b[2J-9fa.com");
  });

  const label = fc.oneof(
    fc.stringMatching(/^[a-z0-9-]{1,20}$/),
    fc.stringMatching(/^[a-z0-9-]{1,40}$/).map((text) => `xn--${text}`),
    fc
      .string({ unit: anyUnit("aé-а日\u0301"), minLength: 1, maxLength: 12 })
      .map((text) => `xn--${punycode.encode(text.replaceAll(".", ""))}`),
    fc
      .array(fc.constantFrom(..."aeioéüñаеорсхяжαβγδ日本語ひカ한글שלםابت१२กขქა-0l·\u0301\u200d\u202e"), {
        minLength: 1,
        maxLength: 8,
      })
      .map((letters) => `xn--${punycode.encode(letters.join(""))}`),
  );
  const name = fc
    .array(label, { minLength: 1, maxLength: 4 })
    .map((labels) => labels.join(".").toLowerCase())
    .filter((text) => /^[!-~]*$/.test(text));

  it("adds nothing but letters, their marks, digits, hyphens and dots, never a control or an invisible character", () => {
    const isUnsafe = /[^!-~\p{L}\p{M}\p{Nd}·]|[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}]/u;
    fc.assert(
      fc.property(name, (text) => !isUnsafe.test(displayDomain(text))),
      { numRuns: 5000 },
    );
  });

  it("lets no control or bidirectional character through, whatever comes in", () => {
    const isUnsafe = /[\p{Cc}\p{Cs}\p{Bidi_Control}\p{Zl}\p{Zp}\u200b-\u200f\ufeff]/u;
    fc.assert(
      fc.property(
        fc.string({ unit: anyUnit("abcdefghijklmnopqrstuvwxyz0123456789-") }),
        (text) => !isUnsafe.test(displayDomain(`xn--${text}`)),
      ),
      { numRuns: 2000 },
    );
  });

  it("says one name only: encoding what is shown gives the name back", () => {
    fc.assert(
      fc.property(name, (text) => encode(displayDomain(text)) === text),
      { numRuns: 5000 },
    );
  });

  it("shows nothing that Node's own resolver of internationalised names reads as another name", () => {
    fc.assert(
      fc.property(name, (text) => {
        const display = displayDomain(text);
        if (display === text) return true;
        const ascii = domainToASCII(display);
        return ascii === "" || ascii === text;
      }),
      { numRuns: 5000 },
    );
  });
});
