import { describe, expect, test } from "vitest";
import { REQUESTS } from "../../../src/contract/ipc-schema.ts";
import { type Asker, isOurPage, type RequestHandlers, serveRequests } from "../../../src/main/serve-requests.ts";

type Frame = NonNullable<Asker["senderFrame"]>;
type Serve = Parameters<typeof serveRequests>[0]["handle"];

function frame(url: string, parent: Frame | null = null): Asker {
  return { senderFrame: { url, parent } as Frame };
}

const PAGE = frame("telltale://app/index.html");

function served() {
  const asked: unknown[] = [];
  const note =
    (name: string) =>
    async (argument: unknown): Promise<never> => {
      asked.push([name, argument]);
      return undefined as never;
    };
  const handlers = Object.fromEntries(Object.keys(REQUESTS).map((name) => [name, note(name)]));
  const channels = new Map<string, Parameters<Serve>[1]>();
  serveRequests(
    { handle: (channel, listener) => void channels.set(channel, listener) },
    handlers as unknown as RequestHandlers,
  );
  const ask = async (channel: string, asker: Asker, argument?: unknown): Promise<unknown> =>
    channels.get(channel)?.(asker as Parameters<Parameters<Serve>[1]>[0], argument);
  return { asked, ask, channels };
}

describe("who may ask", () => {
  test("is the top frame of our own page", () => {
    expect(isOurPage(PAGE)).toBe(true);
  });

  test.each([
    ["a page of the web", frame("https://example.org/index.html")],
    ["a look-alike host", frame("telltale://app.evil/index.html")],
    ["a frame inside our page", frame("telltale://app/index.html", PAGE.senderFrame)],
    ["an empty page", frame("about:blank")],
    ["a frame that is gone", { senderFrame: null }],
  ])("is not %s", (_who, asker) => {
    expect(isOurPage(asker)).toBe(false);
  });
});

describe("requests", () => {
  test("are served one channel each, as the contract names them", () => {
    expect([...served().channels.keys()]).toEqual(Object.keys(REQUESTS).map((name) => `telltale:${name}`));
  });

  test("reach their handler with a parsed argument", async () => {
    const { asked, ask } = served();
    await ask("telltale:exportReport", PAGE, "html");
    await ask("telltale:stopCapture", PAGE);
    expect(asked).toEqual([
      ["exportReport", "html"],
      ["stopCapture", undefined],
    ]);
  });

  test("with a wrong argument or from a stranger do not reach it", async () => {
    const { asked, ask } = served();
    await expect(ask("telltale:exportReport", PAGE, "exe")).rejects.toThrow("expected an export format");
    await expect(ask("telltale:stopCapture", PAGE, { surprise: 1 })).rejects.toThrow("expected no argument");
    await expect(ask("telltale:flowsOfEdge", PAGE, "x".repeat(5000))).rejects.toThrow("expected an edge id");
    await expect(ask("telltale:stopCapture", frame("https://example.org/"))).rejects.toThrow(
      "stopCapture refused: not from Telltale's own page",
    );
    expect(asked).toEqual([]);
  });
});
