import { expect, test } from "vitest";
import { oldestFirst } from "../../../../src/core/model/oldest-first.ts";

function evict(map: Map<string, number>, byAge: ReturnType<typeof oldestFirst<string>>): string | undefined {
  const key = byAge.next();
  if (key !== undefined) map.delete(key);
  return key;
}

test("keys go in the order they came, renewed ones last", () => {
  const map = new Map([
    ["a", 1],
    ["b", 2],
    ["c", 3],
  ]);
  const byAge = oldestFirst(map);
  expect(evict(map, byAge)).toBe("a");
  map.delete("b");
  map.set("b", 4);
  map.set("d", 5);
  expect([evict(map, byAge), evict(map, byAge), evict(map, byAge)]).toEqual(["c", "b", "d"]);
  expect(evict(map, byAge)).toBeUndefined();
  map.set("e", 6);
  expect(evict(map, byAge)).toBe("e");
});

test("a walk begun anew after a rest finds the oldest that is left", () => {
  const map = new Map([
    ["a", 1],
    ["b", 2],
  ]);
  const byAge = oldestFirst(map);
  evict(map, byAge);
  byAge.rest();
  map.set("c", 3);
  expect(evict(map, byAge)).toBe("b");
});

test("a full table takes a flood without stepping over what it forgot", { timeout: 5000 }, () => {
  const map = new Map<string, number>();
  const byAge = oldestFirst(map);
  for (let index = 0; index < 65_536 + 400_000; index += 1) {
    map.set(`key ${index}`, index);
    if (map.size > 65_536) evict(map, byAge);
  }
  expect(map.keys().next().value).toBe("key 400000");
});
