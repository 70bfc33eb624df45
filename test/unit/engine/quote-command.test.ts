import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { quoteForSudoPrompt } from "../../../src/engine/quote-command.ts";

/** What sudo-prompt builds around a command, without the elevation. */
function throughBothShells(command: string): string {
  const escaped = command.replace(/"/g, '\\"');
  return execFileSync("/bin/sh", ["-c", `/bin/bash -c "echo SUDOPROMPT; ${escaped}"`], { encoding: "utf8" });
}

describe("a command for sudo-prompt", () => {
  test("reaches the program word by word, with spaces and every mark that is let through", () => {
    const words = ["/usr/bin/printf", "%s,", "/a b/c", "x;y&z", "(p)[q]{r}", "#1~", "ü日本"];
    const quoted = quoteForSudoPrompt(words, "/home/someone");
    expect(quoted.outcome).toBe("quoted");
    if (quoted.outcome !== "quoted") return;
    expect(throughBothShells(quoted.command)).toBe("SUDOPROMPT\n/a b/c,x;y&z,(p)[q]{r},#1~,ü日本,");
  });

  test.each(["$HOME", "$(id)", "`id`", "a'b", 'a"b', "a\\b", "a\nb", "a!b", "a*b", "a?b", "a<b", "a>b", "a|b", ""])(
    "refuses %j, which a shell would act on",
    (word) => {
      expect(quoteForSudoPrompt(["/usr/bin/true", word], "/").outcome).toBe("unsafe");
    },
  );

  test("refuses to run from a folder whose name the first shell would expand", () => {
    const quoted = quoteForSudoPrompt(["/usr/bin/true"], "/tmp/$(id)");
    expect(quoted).toEqual({
      outcome: "unsafe",
      reason: 'a folder name has characters a shell would act on; move Telltale: "/tmp/$(id)"',
    });
  });
});
