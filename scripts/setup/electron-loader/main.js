/**
 * The default app of the Electron runtime taken from npm: does for `electron
 * [-r module] DIR [arguments]` what Electron's own default_app.asar does.
 * An ES module with top-level await, so that Electron holds back `ready`
 * until the app's main has been evaluated.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { app } from "electron";

function parseArguments(argv) {
  const modules = [];
  for (let index = 0; index < argv.length; index += 1) {
    if (argv[index] === "-r" || argv[index] === "--require") {
      index += 1;
      if (argv[index] !== undefined) modules.push(argv[index]);
    } else if (argv[index] === "--version" || argv[index] === "-v") {
      return { modules, appDir: undefined, wantsVersion: true };
    } else if (!argv[index].startsWith("-")) {
      return { modules, appDir: resolve(argv[index]), wantsVersion: false };
    }
  }
  return { modules, appDir: undefined, wantsVersion: false };
}

async function loadApp(appDir) {
  const manifest = JSON.parse(readFileSync(resolve(appDir, "package.json"), "utf8"));
  if (manifest.version) app.setVersion(manifest.version);
  app.name = manifest.productName ?? manifest.name;
  app.setDesktopName(manifest.desktopName ?? `${manifest.name}.desktop`);
  app.setAppPath(appDir);
  Object.defineProperty(process, "defaultApp", { value: true, enumerable: true });
  await import(pathToFileURL(resolve(appDir, manifest.main)).href);
}

const { modules, appDir, wantsVersion } = parseArguments(process.argv.slice(1));
const require = createRequire(import.meta.url);
for (const file of modules) require(resolve(file));

if (wantsVersion) {
  console.log(`v${process.versions.electron}`);
  process.exit(0);
} else if (appDir === undefined) {
  console.error("This Electron runtime belongs to Telltale: start it with `npm start`.");
  process.exit(1);
} else {
  try {
    await loadApp(appDir);
  } catch (error) {
    console.error(`Telltale could not be started from ${appDir}: ${error.stack ?? error}`);
    process.exit(1);
  }
}
