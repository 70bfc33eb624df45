import { describe, expect, it } from "vitest";
import type { Lookup } from "../../../../src/core/model/lookup.ts";
import { countFate, filterLookups } from "../../../../src/renderer/store/lookup-rows.ts";
import { lookup } from "../made.ts";

const LOOKUPS: readonly Lookup[] = [
  lookup("gone.example", { outcome: "no-such-name", failure: "NXDOMAIN", addresses: [] }),
  lookup("xn--mnchen-3ya.example"),
  lookup("text.example", { types: ["TXT"], addresses: [] }),
  lookup("used.example", { isFollowed: true, resolver: "192.0.2.54:53" }),
];
const names = (lookups: readonly Lookup[]): string[] => lookups.map(({ name }) => name);

describe("lookups of a program", () => {
  it("are told apart by what came of them", () => {
    expect(names(filterLookups(LOOKUPS, "failed", ""))).toEqual(["gone.example"]);
    expect(names(filterLookups(LOOKUPS, "unfollowed", ""))).toEqual(["xn--mnchen-3ya.example"]);
    expect(countFate(LOOKUPS, "all")).toBe(4);
  });

  it("are found by name in both forms, type, resolver, address and outcome", () => {
    const found = (query: string): string[] => names(filterLookups(LOOKUPS, "all", query));
    expect(found("MÜNCHEN")).toEqual(["xn--mnchen-3ya.example"]);
    expect(found("xn--mn")).toEqual(["xn--mnchen-3ya.example"]);
    expect(found("txt")).toEqual(["text.example"]);
    expect(found("192.0.2.54")).toEqual(["used.example"]);
    expect(found("no such name")).toEqual(["gone.example"]);
    expect(found("never contacted")).toEqual(["xn--mnchen-3ya.example"]);
    expect(found("zzz")).toEqual([]);
  });
});
