import { describe, expect, it } from "vitest";
import { maskSecrets } from "../../../../src/core/report/mask-secrets.ts";

describe("maskSecrets", () => {
  it.each([
    [
      ["mysql", "--password=x1", "-u", "me"],
      ["mysql", "--password=••••", "-u", "me"],
    ],
    [
      ["tool", "--api-key", "x1"],
      ["tool", "--api-key", "••••"],
    ],
    [
      ["tool", "--token", "--verbose"],
      ["tool", "--token", "--verbose"],
    ],
    [
      ["env", "GITHUB_TOKEN=x1", "sh"],
      ["env", "GITHUB_TOKEN=••••", "sh"],
    ],
    [
      ["curl", "-H", "Authorization: Bearer x1"],
      ["curl", "-H", "Authorization: ••••"],
    ],
    [
      ["psql", "postgres://me:x1@db/app"],
      ["psql", "postgres://me:••••@db/app"],
    ],
    [
      ["curl", "https://example.com:8443/a@b"],
      ["curl", "https://example.com:8443/a@b"],
    ],
    [
      ["sort", "--key=2", "passwords.txt"],
      ["sort", "--key=2", "passwords.txt"],
    ],
    [[], []],
  ])("%j becomes %j", (argv, masked) => expect(maskSecrets(argv)).toEqual(masked));
});
