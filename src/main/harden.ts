/**
 * Chromium brings a network stack and services of its own. A program that
 * shows others' contacts must make none: they are switched off one by one,
 * names resolve to nothing, and every request but our own files is cancelled.
 */
import { app, type Session, type WebContents } from "electron";
import { APP_ORIGIN } from "./app-protocol.ts";

const SWITCHES: readonly (readonly [string, string?])[] = [
  ["disable-background-networking"],
  ["disable-component-update"],
  ["disable-sync"],
  ["disable-default-apps"],
  ["disable-domain-reliability"],
  ["disable-breakpad"],
  ["disable-client-side-phishing-detection"],
  ["dns-prefetch-disable"],
  ["no-pings"],
  ["no-proxy-server"], // no automatic proxy discovery
  ["disable-quic"],
  ["host-resolver-rules", "MAP * ~NOTFOUND"],
];

/** Before the app is ready. */
export function silenceChromium(): void {
  for (const [name, value] of SWITCHES) {
    if (value === undefined) app.commandLine.appendSwitch(name);
    else app.commandLine.appendSwitch(name, value);
  }
}

const isOurs = (url: string): boolean => url.startsWith(`${APP_ORIGIN}/`);
/** Made by the page itself, never fetched. Developer tools are Chromium's own pages. */
const isLocal = (url: string): boolean => /^(data|blob|devtools|chrome-extension):/.test(url);

/** The one permission there is: copying text that the user asked to copy. */
const isAllowed = (permission: string, url: string): boolean =>
  permission === "clipboard-sanitized-write" && isOurs(url);

export function hardenSession(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, answer) => {
    answer(isAllowed(permission, contents.getURL()));
  });
  session.setPermissionCheckHandler((_contents, permission, origin) => isAllowed(permission, `${origin}/`));
  session.setDevicePermissionHandler(() => false);
  session.setSpellCheckerEnabled(false);
  session.webRequest.onBeforeRequest((details, answer) => {
    answer({ cancel: !isOurs(details.url) && !isLocal(details.url) });
  });
}

export function hardenContents(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: "deny" }));
  contents.on("will-navigate", (event) => event.preventDefault());
  contents.on("will-redirect", (event) => event.preventDefault());
  contents.on("will-attach-webview", (event) => event.preventDefault());
}
