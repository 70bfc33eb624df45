// @ts-check
/** What a page that was taken over could reach: nothing but its own files and the requests of the contract. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { electronRuntime } from "../../scripts/setup/electron-runtime.mjs";
import { openDisplay } from "./display.mjs";
import { openWindow } from "./window.mjs";

const directory = mkdtempSync(path.join(tmpdir(), "telltale-hardening-"));
const secret = path.join(directory, "secret.html");
const HOME_URL = "telltale://app/index.html";

/** @type {Awaited<ReturnType<typeof openDisplay>>} */
let display;
/** @type {Awaited<ReturnType<typeof openWindow>>} */
let window;
/** @type {import("node:http").Server} */
let server;
let outside = "";
let hits = 0;

beforeAll(async () => {
  writeFileSync(secret, "<p>secret</p>");
  server = createServer((_request, response) => {
    hits += 1;
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.end("<p>outside</p>");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const address = server.address();
  outside = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/`;
  display = await openDisplay();
  window = await openWindow({
    electron: (await electronRuntime()).path,
    display: display.display,
    args: ["--demo"],
  });
});
afterAll(async () => {
  await window?.close();
  display?.close();
  server?.close();
  rmSync(directory, { recursive: true, force: true });
});

test("it has no Node, no Electron and no way to name a channel", async () => {
  const found = await window.page.evaluate(() => ({
    globals: ["require", "process", "module", "Buffer", "electron", "ipcRenderer"].filter((name) => name in globalThis),
    api: Object.keys(Reflect.get(globalThis, "telltale")).toSorted(),
  }));
  expect(found.globals).toEqual([]);
  expect(found.api).toEqual(
    [
      ...["exportReport", "flowsOfEdge", "loadPreferences", "onUpdate", "openDemo", "openRecording", "savePreferences"],
      ...["lookUpProgramFiles", "lookUpReverseNames", "lookupsOfProgram"],
      ...["startCapture", "startRecording", "stopCapture", "stopRecording", "subscribe"],
    ].toSorted(),
  );
});

test("arguments that the contract does not know are refused", async () => {
  const answers = await window.page.evaluate(async () => {
    const api = Reflect.get(globalThis, "telltale");
    const tries = [
      () => api.exportReport("../../etc/passwd"),
      () => api.exportReport({ path: "/tmp/x" }),
      () => api.openRecording("/etc/shadow"),
      () => api.startRecording("/tmp/x"),
      () => api.flowsOfEdge("x".repeat(5000)),
      () => api.lookupsOfProgram("x".repeat(5000)),
      () => api.lookUpReverseNames({ address: "192.0.2.1" }),
      () => api.savePreferences({ theme: "dark", leftWidthPx: Number.NaN, rightWidthPx: 1 }),
    ];
    return Promise.all(
      tries.map((run) =>
        run().then(
          () => "answered",
          () => "refused",
        ),
      ),
    );
  });
  expect(answers).toEqual(Array.from({ length: 8 }, () => "refused"));
});

test("it reads no file and no host, in any of the ways a page has", async () => {
  const targets = [
    `file://${secret}`,
    outside,
    "telltale://app/../../package.json",
    "telltale://app/%2e%2e/%2e%2e/package.json",
    "telltale://app/..%2f..%2fpackage.json",
    "telltale://other/index.html",
  ];
  const answers = await window.page.evaluate(async (urls) => {
    /** @param {string} url */
    const fetched = (url) =>
      fetch(url).then(
        (answer) => `${answer.status}`,
        () => "refused",
      );
    /** @param {string} tag @param {string} attribute @param {string} url */
    const loaded = (tag, attribute, url) =>
      new Promise((resolve) => {
        const element = document.createElement(tag);
        element.addEventListener("load", () => resolve("loaded"));
        element.addEventListener("error", () => resolve("refused"));
        element.setAttribute(attribute, url);
        document.body.append(element);
        setTimeout(() => resolve("nothing"), 700);
      });
    const socket = (/** @type {string} */ url) =>
      new Promise((resolve) => {
        try {
          const open = new WebSocket(url.replace("http", "ws"));
          open.addEventListener("open", () => resolve("opened"));
          open.addEventListener("error", () => resolve("refused"));
        } catch {
          resolve("refused");
        }
      });
    return {
      fetched: await Promise.all(urls.map(fetched)),
      images: await Promise.all(urls.map((url) => loaded("img", "src", url))),
      scripts: await Promise.all(urls.map((url) => loaded("script", "src", url))),
      socket: await socket(urls[1] ?? ""),
      beacon: navigator.sendBeacon(urls[1] ?? "", "x"),
    };
  }, targets);
  for (const answer of [...answers.fetched, ...answers.images, ...answers.scripts]) {
    expect(["refused", "nothing", "403", "404"]).toContain(answer);
  }
  expect(answers.socket).toBe("refused");
  expect(hits).toBe(0);
});

const ELSEWHERE = [
  { what: "a host", urlOf: () => outside },
  { what: "a file", urlOf: () => `file://${secret}` },
  { what: "data", urlOf: () => "data:text/html,<p>x" },
  { what: "another place of our scheme", urlOf: () => "telltale://other/index.html" },
  { what: "about:blank, which no event announces", urlOf: () => "about:blank" },
];

test.each(ELSEWHERE)("it opens no window for $what", async ({ urlOf }) => {
  const { application, page } = window;
  const url = urlOf();
  expect(await page.evaluate((target) => globalThis.open(target) !== null, url)).toBe(false);
  await page.evaluate((target) => {
    const frame = document.createElement("iframe");
    frame.src = target;
    const link = document.createElement("a");
    link.href = target;
    link.target = "_blank";
    document.body.append(frame, link);
    link.click();
  }, url);
  await page.waitForTimeout(200);
  const windows = await application.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);
  expect(windows).toBe(1);
  expect(hits).toBe(0);
});

test.each(ELSEWHERE)("led to $what, it is Telltale again at once", async ({ urlOf }) => {
  const { page } = window;
  await page.evaluate((target) => {
    globalThis.location.href = target;
  }, urlOf());
  await page.waitForTimeout(300); // what was led away has left by then
  await expect.poll(() => page.url()).toBe(HOME_URL);
  // Not through a locator: Playwright would wait for the navigation that was refused.
  const hasStatusBar = () => page.evaluate(() => document.querySelector('[data-testid="status-bar"]') !== null);
  await expect.poll(hasStatusBar).toBe(true);
  expect(hits).toBe(0);
});

test("it is asked for no permission and given none", async () => {
  const states = await window.page.evaluate(async () => {
    const geolocation = new Promise((resolve) =>
      navigator.geolocation.getCurrentPosition(
        () => resolve("granted"),
        (error) => resolve(error.code === error.PERMISSION_DENIED ? "denied" : "unavailable"),
      ),
    );
    const refusal = (/** @type {Promise<unknown>} */ asked) =>
      asked.then(
        () => "granted",
        (error) => error.name,
      );
    return {
      geolocation: await geolocation,
      notification: await Notification.requestPermission(),
      microphone: await refusal(navigator.mediaDevices?.getUserMedia({ audio: true }) ?? Promise.reject(new Error())),
      clipboard: await refusal(navigator.clipboard.readText()),
    };
  });
  expect(states.geolocation).toBe("denied");
  expect(states.notification).toBe("denied");
  expect(states.microphone).not.toBe("granted");
  expect(states.clipboard).toBe("NotAllowedError");
});

test("text that is code in a page stays text: inline script and handlers do not run", async () => {
  const ran = await window.page.evaluate(async () => {
    Reflect.set(globalThis, "ran", []);
    const box = document.createElement("div");
    box.innerHTML = '<img src="data:," onerror="ran.push(1)"><a href="javascript:ran.push(2)">x</a>';
    document.body.append(box);
    box.querySelector("a")?.click();
    const script = document.createElement("script");
    script.textContent = "ran.push(3)";
    document.body.append(script);
    try {
      new Worker(URL.createObjectURL(new Blob(["fetch('x')"])));
    } catch {
      // refused at once: as good
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
    return Reflect.get(globalThis, "ran");
  });
  expect(ran).toEqual([]);
});
