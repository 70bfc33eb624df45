import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { fileForUrl, serveAppFile } from "../../../src/main/app-protocol.ts";

const root = mkdtempSync(join(tmpdir(), "telltale-protocol-"));
const dir = join(root, "renderer");
mkdirSync(join(dir, "assets"), { recursive: true });
writeFileSync(join(dir, "index.html"), "<!doctype html>");
writeFileSync(join(dir, "assets/app.js"), "1;");
writeFileSync(join(dir, "notes.txt"), "private");
writeFileSync(join(root, "secret.js"), "secret");
symlinkSync(join(root, "secret.js"), join(dir, "assets/link.js"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const get = (url: string): Promise<Response> => serveAppFile(new Request(url), dir);

describe("a URL of our own protocol", () => {
  test("means a file of the renderer", () => {
    expect(fileForUrl("telltale://app/index.html", "/r")).toBe("/r/index.html");
    expect(fileForUrl("telltale://app/assets/a%20b.js?x#y", "/r")).toBe("/r/assets/a b.js");
  });

  test.each([
    "telltale://app/..%2f..%2fetc%2fpasswd",
    "telltale://app/assets/..%2f..%2fmain/index.js",
    "telltale://app/a%00.js",
    "telltale://app/..%5c..%5csecret.js",
    "telltale://app/%",
    "telltale://other/index.html",
    "https://app/index.html",
    "file:///etc/passwd",
    "not a url",
    "telltale://app/",
  ])("such as %s means none", (url) => {
    expect(fileForUrl(url, "/r")).toBeUndefined();
  });
});

describe("what the protocol serves", () => {
  test("has its type and a policy that lets no foreign script or connection through", async () => {
    const response = await get("telltale://app/index.html");
    expect(response.status).toBe(200);
    expect(response.headers.get("Content-Type")).toBe("text/html; charset=utf-8");
    const policy = response.headers.get("Content-Security-Policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("connect-src 'self'");
    expect(response.headers.get("X-Content-Type-Options")).toBe("nosniff");
    expect(await (await get("telltale://app/assets/app.js")).text()).toBe("1;");
  });

  test("is nothing outside the folder, not even through a link in it", async () => {
    expect((await get("telltale://app/assets/link.js")).status).toBe(403);
    expect((await get("telltale://app/..%2fsecret.js")).status).toBe(403);
  });

  test("is no file that is absent, no folder and no type it does not know", async () => {
    expect((await get("telltale://app/absent.js")).status).toBe(404);
    expect((await get("telltale://app/assets")).status).toBe(404);
    expect((await get("telltale://app/notes.txt")).status).toBe(404);
  });

  test("can only be read", async () => {
    const request = new Request("telltale://app/index.html", { method: "POST", body: "x" });
    expect((await serveAppFile(request, dir)).status).toBe(403);
  });
});
