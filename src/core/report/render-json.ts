/** The report as one JSON document: the model as it is, schemaVersion first (docs/schema/report.schema.json). */
import type { Report } from "./report-model.ts";
import { safeJson } from "./safe-json.ts";

export const renderJson = (report: Report): string => `${safeJson(report, 2)}\n`;
