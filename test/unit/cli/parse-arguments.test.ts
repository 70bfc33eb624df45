import { describe, expect, test } from "vitest";
import { parseArguments, parseSeconds, requireFile, UsageError } from "../../../src/cli/parse-arguments.ts";

describe("command line words", () => {
  test("become options and files", () => {
    const parsed = parseArguments(["--seconds", "5", "a.telltale", "--json"], {
      seconds: { type: "string" },
      json: { type: "boolean" },
    });
    expect(parsed.text("seconds")).toBe("5");
    expect(parsed.has("json")).toBe(true);
    expect(parsed.has("absent")).toBe(false);
    expect(requireFile(parsed.files, "the recording")).toBe("a.telltale");
  });

  test("that no command knows are the user's mistake", () => {
    expect(() => parseArguments(["--nonsense"], {})).toThrow(UsageError);
    expect(() => parseArguments(["--nonsense"], {})).toThrow(/^there is no option --nonsense here$/);
  });

  test.each(["0", "-1", "x", "1e3", "", "Infinity", "604801"])("refuse %j as a number of seconds", (text) => {
    expect(() => parseSeconds(text)).toThrow(UsageError);
  });

  test("take whole and part seconds", () => {
    expect(parseSeconds("20")).toBe(20);
    expect(parseSeconds("0.5")).toBe(0.5);
    expect(parseSeconds(null)).toBeNull();
  });

  test("name the file that is missing, and the one that is too much", () => {
    expect(() => requireFile([], "the recording")).toThrow("the recording is missing");
    expect(() => requireFile(["a", "b"], "the recording")).toThrow('one file at a time: "b" is too much');
  });
});
