/** Put in by the bundler from package.json. */
declare const __TELLTALE_VERSION__: string | undefined;

export const TELLTALE_VERSION: string =
  typeof __TELLTALE_VERSION__ === "string" ? __TELLTALE_VERSION__ : "0.0.0-unbuilt";
