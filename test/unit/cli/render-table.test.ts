import { describe, expect, test } from "vitest";
import type { EdgeRow } from "../../../src/cli/edge-rows.ts";
import { columnsOf } from "../../../src/cli/fit-text.ts";
import { renderTable } from "../../../src/cli/render-table.ts";

const ROW: EdgeRow = {
  program: "mongod",
  direction: "→",
  destination: "api.segment.io",
  mark: "○",
  howKnown: "own lookup",
  service: "TCP 443 (HTTPS)",
  verdict: "Analytics · Segment",
  sent: "2.7 kB",
  received: "900 B",
  age: "3 s ago",
  category: "analytics",
  isReported: true,
};

describe("the table", () => {
  test("says program, destination, how known, service, verdict, bytes and age", () => {
    expect(renderTable([ROW], { columns: 120, hasColour: false })).toEqual([
      "PROGRAM          DESTINATION            HOW KNOWN    SERVICE         VERDICT                SENT RECEIVED       LAST",
      "mongod       → ○ api.segment.io         own lookup   TCP 443 (HTTPS) Analytics · Segment  2.7 kB    900 B    3 s ago",
    ]);
  });

  test.each([300, 120, 100, 80, 60, 50, 20, 1])("is never wider than %s columns", (columns) => {
    const long = { ...ROW, program: "p".repeat(400), destination: "日".repeat(300), verdict: "v".repeat(200) };
    for (const line of renderTable([ROW, long], { columns, hasColour: false })) {
      expect(columnsOf(line)).toBeLessThanOrEqual(columns);
    }
  });

  test("keeps program, destination and verdict when there is little room", () => {
    const [title, row] = renderTable([ROW], { columns: 50, hasColour: false });
    expect(title).toBe("PROGRAM        DESTINATION            VERDICT");
    expect(row).toBe("mongod       ○ api.segment.io         Analytics ·…");
  });

  test("colours a line by its verdict and closes the colour", () => {
    const [, row] = renderTable([ROW], { columns: 80, hasColour: true });
    expect(row?.startsWith("\u001b[33mmongod")).toBe(true);
    expect(row?.endsWith("\u001b[0m")).toBe(true);
  });
});
