/** `telltale://app/…`: the built renderer and nothing else on the disk, with the page's security policy. */
import { readFile, realpath } from "node:fs/promises";
import { extname, join, sep } from "node:path";

export const SCHEME = "telltale";
export const APP_ORIGIN = `${SCHEME}://app`;
export const APP_URL = `${APP_ORIGIN}/index.html`;

/** Nothing but our own built files. Style set by script through the CSSOM (React, Radix) needs no exception. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
};

/** The file a URL means, or undefined where it leaves the folder or is not ours. */
export function fileForUrl(url: string, rendererDir: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, host, pathname } = new URL(url);
  if (protocol !== `${SCHEME}:` || host !== "app") return undefined;
  let path: string;
  try {
    path = decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
  if (path.includes("\0") || path.includes("\\") || path.endsWith("/")) return undefined;
  const file = join(rendererDir, path);
  return file.startsWith(rendererDir + sep) ? file : undefined;
}

const HEADERS = {
  "Content-Security-Policy": CONTENT_SECURITY_POLICY,
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cache-Control": "no-cache",
};

const refuse = (status: number): Response => new Response(null, { status, headers: HEADERS });

/** A link inside the folder must not lead out of it. An asar archive has no links and no real path of its own. */
async function isInside(file: string, dir: string): Promise<boolean> {
  if (dir.includes(".asar")) return true;
  const [realFile, realDir] = await Promise.all([realpath(file), realpath(dir)]);
  return realFile.startsWith(realDir + sep);
}

export async function serveAppFile(request: Request, rendererDir: string): Promise<Response> {
  const file = fileForUrl(request.url, rendererDir);
  if (request.method !== "GET" || file === undefined) return refuse(403);
  const type = TYPES[extname(file)];
  if (type === undefined) return refuse(404);
  try {
    if (!(await isInside(file, rendererDir))) return refuse(403);
    return new Response(new Uint8Array(await readFile(file)), { headers: { ...HEADERS, "Content-Type": type } });
  } catch {
    return refuse(404);
  }
}
