// @vitest-environment jsdom
import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type {
  ExportResult,
  GraphUpdate,
  ProgramFilesResult,
  ReverseNameResult,
  TelltaleApi,
} from "../../../../src/contract/ipc-schema.ts";
import type { Lookup } from "../../../../src/core/model/lookup.ts";
import { App } from "../../../../src/renderer/App.tsx";
import { connectFeed } from "../../../../src/renderer/store/feed.ts";
import { matchGraph } from "../../../../src/renderer/store/matches.ts";
import { CollaboratorsContext, createStores, type Stores } from "../../../../src/renderer/store/stores.ts";
import { destination, edge, localEdge, lookup, program, smallGraph, update, VERDICT } from "../made.ts";

interface Opened {
  readonly stores: Stores;
  readonly asked: string[];
  readonly send: (sent: GraphUpdate) => Promise<void>;
}

let root: Root;
let host: HTMLElement;

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe(): void {}
      unobserve(): void {}
      disconnect(): void {}
    },
  );
  vi.stubGlobal("matchMedia", () => ({ matches: true, addEventListener: () => {}, removeEventListener: () => {} }));
  // jsdom has no canvas and no layout: the graph draws nothing, and virtual lists are given a height.
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(null);
  vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(600);
  vi.spyOn(Element.prototype, "clientWidth", "get").mockReturnValue(300);
  host = document.body.appendChild(document.createElement("div"));
  root = createRoot(host);
});

afterEach(async () => {
  await act(async () => root.unmount());
  host.remove();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

interface Answers {
  readonly exported?: ExportResult;
  readonly lookups?: readonly Lookup[];
  readonly reverse?: ReverseNameResult;
  readonly files?: ProgramFilesResult;
}

async function openWindow({
  exported = { outcome: "cancelled" },
  lookups = [],
  reverse = { outcome: "failed", reason: "not in this test" },
  files = { outcome: "not-here", reason: "not in this test" },
}: Answers = {}): Promise<Opened> {
  const stores = createStores();
  const asked: string[] = [];
  let listener: (sent: GraphUpdate) => void = () => {};
  const noted = (name: string) => async (): Promise<void> => {
    asked.push(name);
  };
  const api: TelltaleApi = {
    startCapture: noted("startCapture"),
    stopCapture: noted("stopCapture"),
    subscribe: noted("subscribe"),
    openRecording: async () => ({ outcome: "failed", reason: "This file is not a recording." }),
    openDemo: async () => ({ outcome: "opened" }),
    startRecording: async () => exported,
    stopRecording: noted("stopRecording"),
    exportReport: async (format) => {
      asked.push(`exportReport ${format}`);
      return exported;
    },
    flowsOfEdge: async () => [],
    lookupsOfProgram: async (id) => {
      asked.push(`lookupsOfProgram ${id}`);
      return lookups;
    },
    lookUpProgramFiles: async (id) => {
      asked.push(`lookUpProgramFiles ${id}`);
      return files;
    },
    lookUpReverseNames: async (id) => {
      asked.push(`lookUpReverseNames ${id}`);
      return reverse;
    },
    loadPreferences: async () => stores.view.getState().preferences,
    savePreferences: async () => {},
    onUpdate: (next) => {
      listener = next;
      return () => {};
    },
  };
  connectFeed(api, stores);
  await act(async () =>
    root.render(
      <CollaboratorsContext value={{ ...stores, api }}>
        <App />
      </CollaboratorsContext>,
    ),
  );
  return { stores, asked, send: (sent) => act(async () => listener(sent)) };
}

const GRAPH = smallGraph();
const FULL = update({ nodes: [...GRAPH.nodes.values()], edges: [...GRAPH.edges.values()] }, true);

const find = (selector: string): HTMLElement => {
  const found = document.querySelector<HTMLElement>(selector);
  if (found === null) throw new Error(`expected ${selector} in ${document.body.textContent}`);
  return found;
};
const textOf = (selector: string): string => find(selector).textContent ?? "";
const labels = (testId: string): (string | undefined)[] =>
  [...document.querySelectorAll<HTMLElement>(`[data-testid="${testId}"]`)].map((row) => row.dataset.label);
const click = (selector: string): Promise<void> => act(async () => find(selector).click());
const press = (key: string): Promise<void> =>
  act(async () => {
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  });

describe("the window", () => {
  it("explains itself on the first run and starts watching when asked", async () => {
    const { asked, send } = await openWindow();
    await send(update({}, true, { capture: { mode: "idle" } }));
    expect(textOf('[data-testid="capture-screen"]')).toContain("See who your programs talk to");
    await click('[data-testid="start-capture"]');
    expect(asked).toContain("startCapture");
  });

  it("lists programs, and a selected program's destinations", async () => {
    const { send } = await openWindow();
    await send(FULL);
    expect(labels("program-row")).toEqual(["curl", "mongod"]);
    await click('[data-testid="program-row"][data-label="mongod"]');
    expect(labels("destination-row")).toEqual(["api.segment.io", "mirror.example"]);
    expect(textOf('[data-testid="inspector"]')).toContain("asked for by this program");
  });

  it("goes from a destination to those who contact it", async () => {
    const { send } = await openWindow();
    await send(FULL);
    await click('[data-testid="program-row"][data-label="mongod"]');
    await click('[data-testid="destination-row"][data-label="mirror.example"]');
    expect(labels("program-contact")).toEqual(["mongod", "curl"]);
  });

  it("says why and how to switch it off", async () => {
    const { send } = await openWindow();
    const verdict = {
      ...VERDICT,
      category: "analytics" as const,
      vendor: "Segment",
      confidence: "confirmed" as const,
      evidence: "api.segment.io is Segment's tracking endpoint.",
      optOuts: [{ app: "mongod", kind: "command" as const, instruction: "db.disableFreeMonitoring()", source: null }],
    };
    await send(
      update({ nodes: [...GRAPH.nodes.values()], edges: [edge("mongod", "api.segment.io", { verdict })] }, true),
    );
    await click('[data-testid="program-row"][data-label="mongod"]');
    expect(textOf('[data-testid="verdict"]')).toContain("api.segment.io is Segment's tracking endpoint.");
    const card = textOf('[data-testid="verdict"]');
    expect(card).toContain("mongod → api.segment.io");
    expect(card.indexOf("db.disableFreeMonitoring()")).toBeGreaterThan(0);
    expect(card.indexOf("db.disableFreeMonitoring()")).toBeLessThan(card.indexOf("Why we say so"));
    expect(document.querySelector('[data-testid="verdict"] button[aria-label="Copy"]')).not.toBeNull();
  });

  it("says plainly when no switch is known", async () => {
    const { send } = await openWindow();
    await send(FULL);
    await click('[data-testid="program-row"][data-label="mongod"]');
    expect(textOf('[data-testid="switch-off"]')).toContain("No setting that switches this off is known.");
  });

  it("shows hostile names escaped, never raw, and never as markup", async () => {
    const { send } = await openWindow();
    await send(update({ nodes: [program("a\u202eb\u001b[31m"), destination("<img src=x>")] }, true));
    expect(textOf('[data-testid="program-row"]')).toContain("a\\u202eb\\x1b[31m");
    await press("/");
    expect(document.querySelector("img")).toBeNull();
    // Attributes for tests keep the raw label; nothing a person reads does.
    const shown = document.body.textContent ?? "";
    expect([shown.includes("\u202e"), shown.includes("\u001b")]).toEqual([false, false]);
  });

  it("says everything the canvas shows in a hidden list too", async () => {
    const { send } = await openWindow();
    await send(FULL);
    const lines = [...document.querySelectorAll('[data-testid="graph-edges"] li')].map((line) => line.textContent);
    expect(lines).toHaveLength(3);
    expect(lines[0]).toContain("mongod to api.segment.io: Analytics, TCP 443 (HTTPS), asked for by this program");
  });

  it("switches between graph and table with g and t, and Escape clears the selection first", async () => {
    const { send, stores } = await openWindow();
    await send(FULL);
    await press("t");
    expect(document.querySelectorAll('[data-testid="edge-row"]')).toHaveLength(3);
    await click('[data-testid="edge-row"]');
    expect(stores.view.getState().selection?.kind).toBe("edge");
    await press("Escape");
    expect(stores.view.getState().selection).toBeNull();
    await press("g");
    expect(document.querySelector('[data-testid="graph-canvas"]')).not.toBeNull();
  });

  it("sorts text from A and numbers from the largest at the first click, and turns round at the next, for ever", async () => {
    const { send } = await openWindow();
    await send(FULL);
    await press("t");
    const orderAfterClick = async (header: string): Promise<string | null> => {
      const cells = [...document.querySelectorAll<HTMLElement>("th")];
      const cell = cells.find((each) => each.textContent === header);
      await act(async () => cell?.querySelector("button")?.click());
      return cell?.getAttribute("aria-sort") ?? null;
    };
    const program = [
      await orderAfterClick("Program"),
      await orderAfterClick("Program"),
      await orderAfterClick("Program"),
    ];
    expect(program).toEqual(["ascending", "descending", "ascending"]);
    expect([await orderAfterClick("Sent"), await orderAfterClick("Sent")]).toEqual(["descending", "ascending"]);
  });

  it("says so when nothing matches, and offers the way back", async () => {
    const { send, stores } = await openWindow();
    await send(FULL);
    await act(async () => stores.view.setState({ query: "zzz" }));
    expect(textOf('[data-testid="nothing-matches"]')).toContain("Nothing matches");
    await click('[data-testid="nothing-matches"] button');
    expect(stores.view.getState().query).toBe("");
    expect(document.querySelector('[data-testid="nothing-matches"]')).toBeNull();
  });

  it("keeps what was seen under a banner when the helper is lost", async () => {
    const { send } = await openWindow();
    await send(FULL);
    await send(update({}, false, { capture: { mode: "problem", problem: { code: "helper-lost", detail: "EPIPE" } } }));
    expect(textOf('[data-testid="banner"]')).toContain("The connection to the helper was lost");
    expect(labels("program-row")).toEqual(["curl", "mongod"]);
  });

  it("shows lost records in the status line", async () => {
    const { send } = await openWindow();
    const { coverage } = FULL.status;
    await send({
      ...FULL,
      status: { ...FULL.status, coverage: { ...coverage, loss: { kernel: { payload: 7 }, core: {}, total: 7 } } },
    });
    expect(textOf('[data-testid="lost"]')).toBe("7 records lost");
  });
});

describe("contacts between programs of this machine", () => {
  const LOCAL = update(
    {
      nodes: [program("app"), program("postgres", { callerCount: 1, destinationCount: 0 })],
      edges: [localEdge("app", "postgres", { handshakeNs: 61_000, rttUs: 48, retransmits: 2, brokenCount: 1 })],
    },
    true,
  );

  it("list who calls a server, and say in words who talks to whom and how it went", async () => {
    const { send } = await openWindow();
    await send(LOCAL);
    await click('[data-testid="program-row"][data-label="postgres"]');
    expect(textOf('[data-testid="inspector"]')).toContain("Called by, on this machine (1)");
    expect(labels("program-contact")).toEqual(["app"]);
    await click('[data-testid="program-contact"][data-label="app"]');
    expect(textOf('[data-testid="peer"]')).toBe("app talks to postgres on TCP 5432 (PostgreSQL), on this machine.");
    for (const fact of ["Set up in61 µs", "Round trip48 µs", "Sent again2", "Broke off1"])
      expect(textOf('[data-testid="inspector"]')).toContain(fact);
  });

  it("are found by the words for where they are", async () => {
    const { stores, send } = await openWindow();
    await send(LOCAL);
    const { graph } = stores.session.getState();
    const matches = matchGraph(graph, { query: "this machine", hiddenTones: new Set(), activeEdges: null });
    expect([...(matches?.edges ?? [])]).toEqual([localEdge("app", "postgres").id]);
  });
});

describe("the coverage panel", () => {
  it("lists what is attached, what is replaced and by what it is worse, and on top what is missing", async () => {
    const { send } = await openWindow();
    const { coverage } = FULL.status;
    const fallback = { refusal: "unknown func", lacks: "its last bytes are not known" };
    const features = [
      { id: "connect4", isAttached: true, reason: null, unseen: "who connects" },
      { id: "release", isAttached: true, reason: null, unseen: "when a socket was closed", fallback },
      { id: "egress", isAttached: false, reason: "not permitted", unseen: "what is sent" },
    ];
    const cost = { loadMs: 128.2, attachMs: 1.4, programs: [] };
    await send({ ...FULL, status: { ...FULL.status, coverage: { ...coverage, features, cost } } });
    await click('[data-testid="coverage"]');
    const hooks = [...document.querySelectorAll<HTMLElement>("[data-hook]")];
    expect(hooks.map(({ dataset }) => [dataset.hook, dataset.state])).toEqual([
      ["release", "attached in a simpler way"],
      ["connect4", "attached"],
    ]);
    expect(textOf('[data-hook="release"]')).toContain("its last bytes are not known");
    const panel = find('[data-testid="hooks"]').parentElement?.textContent ?? "";
    for (const words of ["What is sent", "egress: not permitted", "129 ms"]) expect(panel).toContain(words);
  });
});

describe("names in the window", () => {
  const IDN = "xn--mnchen-3ya.example";
  const FAKE = "xn--80ak6aa92e.com";
  const withNames = (change: Parameters<typeof edge>[2] = {}): GraphUpdate =>
    update(
      {
        nodes: [program("curl"), destination(IDN), destination(FAKE)],
        edges: [edge("curl", IDN, change), edge("curl", FAKE)],
      },
      true,
    );

  it("are shown as people write them where that is safe, else as they are sent", async () => {
    const { send } = await openWindow();
    await send(withNames());
    await click('[data-testid="program-row"]');
    const words = textOf('[data-testid="inspector"]');
    expect(words).toContain("münchen.example");
    expect(words).toContain(FAKE);
    expect(words).not.toContain("аррӏе");
  });

  it("come with age, contradiction, encrypted hello and proxy", async () => {
    const { send } = await openWindow();
    await send(
      withNames({
        nameSource: "server-name",
        isContradicted: true,
        otherNames: [{ name: "a.example", source: "own-answer", observedAtNs: 1 }],
        ech: "outer-name",
        hops: ["proxy.example:3128"],
      }),
    );
    await click('[data-testid="program-row"]');
    await click(`[data-testid="destination-row"][data-label="${IDN}"]`);
    const words = textOf('[data-testid="name-evidence"]');
    for (const part of [
      "Looked up a.example, TLS says münchen.example.",
      "The real name is hidden by encryption; this is the name its provider shows instead",
      "Through proxy.example:3128",
    ]) {
      expect(words).toContain(part);
    }
  });

  it("are looked up in reverse on a click only, and told as what the owner says", async () => {
    const bare = destination("203.0.113.1", { isNamed: false });
    const { asked, send } = await openWindow({
      reverse: { outcome: "looked-up", names: [{ address: "203.0.113.1", name: "edge.owner.example" }] },
    });
    await send(
      update({ nodes: [program("curl"), bare], edges: [edge("curl", bare.label, { nameSource: null })] }, true),
    );
    await click('[data-testid="program-row"]');
    await click('[data-testid="destination-row"]');
    const request = `lookUpReverseNames ${bare.id}`;
    expect(asked).not.toContain(request);
    expect(textOf('[data-testid="inspector"]')).toContain("This makes network traffic");
    await click('[data-testid="reverse-lookup"]');
    expect(asked.filter((name) => name === request)).toHaveLength(1);
    expect(textOf('[data-testid="reverse-result"]')).toContain("edge.owner.example");
    expect(textOf('[data-testid="reverse-result"]')).toContain("what the address's owner calls it");
  });

  it("that cannot be looked up in reverse say why, in plain words", async () => {
    const bare = destination("203.0.113.1", { isNamed: false });
    const { send } = await openWindow({ reverse: { outcome: "failed", reason: "no resolver could be reached" } });
    await send(
      update({ nodes: [program("curl"), bare], edges: [edge("curl", bare.label, { nameSource: null })] }, true),
    );
    await click('[data-testid="program-row"]');
    await click('[data-testid="destination-row"]');
    await click('[data-testid="reverse-lookup"]');
    expect(textOf('[data-testid="reverse-result"]')).toBe("No names: no resolver could be reached.");
  });

  it("of this machine are not offered a reverse lookup", async () => {
    const own = destination("127.0.0.1:8080", { isNamed: false, locality: "loopback" });
    const { send } = await openWindow();
    await send(update({ nodes: [program("curl"), own], edges: [edge("curl", own.label, { nameSource: null })] }, true));
    await click('[data-testid="program-row"]');
    await click('[data-testid="destination-row"]');
    expect(document.querySelector('[data-testid="reverse-lookup"]')).toBeNull();
  });
});

describe("what a program is", () => {
  const unit = { name: "app-org.gimp-1.scope", kind: "scope", ownerUid: 1000 } as const;

  it("is told from its records and from this machine's files, application first", async () => {
    const gimp = program("gimp", {
      unit,
      bundle: { kind: "flatpak", id: "org.gimp.GIMP" },
      helpers: ["utility process", "crashpad_handler"],
    });
    const owner = { manager: "dpkg", name: "gimp", version: "2.10.34-1" } as const;
    const { asked, send } = await openWindow({
      files: { outcome: "looked-up", package: owner, isPackageKnown: true, desktopName: "GIMP", deletedPids: [7] },
    });
    await send(
      update(
        { nodes: [gimp, destination("a.example")], edges: [edge("gimp", "a.example", { nameSource: null })] },
        true,
      ),
    );
    expect(asked).not.toContain(`lookUpProgramFiles ${gimp.id}`);
    await click('[data-testid="program-row"]');
    expect(asked.filter((name) => name === `lookUpProgramFiles ${gimp.id}`)).toHaveLength(1);
    const words = textOf('[data-testid="identity"]');
    const parts = ["ApplicationGIMP", "Part ofFlatpak org.gimp.GIMP", "Packagegimp 2.10.34-1 (dpkg)"];
    const more = ["Unitapp-org.gimp-1.scope (of user 1000)", "Helpersutility process, crashpad_handler"];
    for (const part of [...parts, ...more]) expect(words).toContain(part);
    expect(words.indexOf("Application")).toBe(0);
    expect(textOf('[data-testid="exe-deleted"]')).toContain("replaced or deleted since it started");
  });

  it("names the container with runtime and image, and shows hostile text in its visible form", async () => {
    const container = { runtime: "docker", podId: null, ownerUid: null, name: "web-db" } as const;
    const label = "postgres in container web-db";
    const postgres = program(label, {
      container: { ...container, id: "3f4e8a1b".repeat(8), image: "evil\u202eegami:16" },
    });
    const { send } = await openWindow();
    await send(
      update(
        { nodes: [postgres, destination("a.example")], edges: [edge(label, "a.example", { nameSource: null })] },
        true,
      ),
    );
    await click('[data-testid="program-row"]');
    const words = textOf('[data-testid="identity"]');
    expect(words).toContain("Containerweb-dbDocker3f4e8a1b3f4eimage evil\\u202eegami:16");
    expect(document.querySelector('[data-testid="exe-deleted"]')).toBe(null);
  });
});

describe("lookups in the window", () => {
  const LOOKUPS = [
    lookup("gone.example", {
      outcome: "no-such-name",
      failure: "NXDOMAIN",
      addresses: [],
      count: 3,
      types: ["A", "AAAA"],
    }),
    lookup("prefetched.example"),
    lookup("used.example", { isFollowed: true }),
  ];
  const rows = (): (string | null | undefined)[] =>
    [...document.querySelectorAll('[data-testid="lookup-row"] bdi')].map((name) => name.textContent);

  it("are listed for a program: what failed first, then what was never contacted, then all", async () => {
    const { send } = await openWindow({ lookups: LOOKUPS });
    await send(FULL);
    await click('[data-testid="program-row"][data-label="mongod"]');
    expect(rows()).toEqual(["gone.example"]);
    expect(textOf('[data-testid="lookup-row"]')).toContain("no such name");
    expect(textOf('[data-testid="lookup-row"]')).toContain("A, AAAA · 192.0.2.53:53 · 3 times");
    await click('[data-testid="lookups-unfollowed"]');
    expect(rows()).toEqual(["prefetched.example"]);
    await click('[data-testid="lookups-all"]');
    expect(rows()).toEqual(["gone.example", "prefetched.example", "used.example"]);
  });

  it("say so where none was seen, or where the program encrypts them", async () => {
    const { send } = await openWindow();
    const chrome = program("chrome", { encryptedDns: [{ protocol: "doh", resolver: "dns.google" }] });
    await send(update({ nodes: [program("curl"), chrome], edges: [] }, true));
    await click('[data-testid="program-row"][data-label="curl"]');
    expect(textOf('[data-testid="no-lookups"]')).toBe("No lookup of this program was seen.");
    await click('[data-testid="program-row"][data-label="chrome"]');
    expect(textOf('[data-testid="no-lookups"]')).toBe("Its lookups are encrypted, so none can be shown.");
    expect(textOf('[data-testid="encrypted-dns"]')).toBe(
      "Sends its lookups to dns.google, encrypted: Telltale sees them only as connections",
    );
  });
});

describe("exporting", () => {
  const openMenu = async (): Promise<void> => {
    // Radix opens a menu on pointer down or on these keys.
    await act(async () => {
      find('[data-testid="export-report"]').dispatchEvent(
        new KeyboardEvent("keydown", { key: "Enter", bubbles: true }),
      );
    });
  };

  it("says where the report was saved", async () => {
    const { asked, send } = await openWindow({ exported: { outcome: "saved", path: "/home/me/report.html" } });
    await send(FULL);
    await openMenu();
    await click('[data-testid="export-html"]');
    expect(asked).toContain("exportReport html");
    expect(textOf('[data-testid="notice"]')).toContain("/home/me/report.html");
  });

  it("says why it failed", async () => {
    const { send } = await openWindow({ exported: { outcome: "failed", reason: "The disk is full." } });
    await send(FULL);
    await openMenu();
    await click('[data-testid="export-json"]');
    expect(textOf('[data-testid="notice"]')).toContain("The report was not saved");
    expect(textOf('[data-testid="notice"]')).toContain("The disk is full.");
  });
});
