import { describe, expect, test } from "vitest";
import { columnsOf, cutText, fitText } from "../../../src/cli/fit-text.ts";

describe("text in terminal columns", () => {
  test.each([
    ["abc", 3],
    ["日本", 4],
    ["e\u0301", 1],
    ["🦊", 2],
    ["", 0],
  ])("%j takes its columns", (text, columns) => {
    expect(columnsOf(text)).toBe(columns);
  });

  test("is cut with an ellipsis, never through a wide character", () => {
    expect(cutText("example.org", 6)).toBe("examp…");
    expect(cutText("日本語", 4)).toBe("日…");
    expect(cutText("日本", 4)).toBe("日本");
    expect(cutText("abc", 0)).toBe("");
  });

  test("is filled to exactly the width asked for, on either side", () => {
    expect(fitText("ab", 4)).toBe("ab  ");
    expect(fitText("ab", 4, "right")).toBe("  ab");
    expect(columnsOf(fitText("日本語", 4))).toBe(4);
  });
});
