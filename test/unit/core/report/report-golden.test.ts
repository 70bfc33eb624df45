/** Whole reports, stored. To accept an intended change: `npx vitest run test/unit/core/report --update`, then read the diff. */
import { describe, expect, it } from "vitest";
import { buildReport } from "../../../../src/core/report/build-report.ts";
import { renderHtml } from "../../../../src/core/report/render-html.ts";
import { renderJson } from "../../../../src/core/report/render-json.ts";
import { fullCoverage, graphOf, sampleInput } from "./sample-graph.ts";

const empty = { ...sampleInput, graph: graphOf([], []), lookups: new Map(), coverage: fullCoverage, hello: null };

describe("stored reports", () => {
  it("the HTML report is unchanged", async () => {
    await expect(renderHtml(buildReport(sampleInput))).toMatchFileSnapshot("golden/sample.html");
  });
  it("the JSON report is unchanged", async () => {
    await expect(renderJson(buildReport(sampleInput))).toMatchFileSnapshot("golden/sample.json");
  });
  it("the report on nothing is unchanged", async () => {
    await expect(renderHtml(buildReport(empty))).toMatchFileSnapshot("golden/empty.html");
  });
});
