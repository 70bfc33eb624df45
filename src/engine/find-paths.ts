/**
 * Where our own files are. Built code sits two folders under the application
 * root (out/node/cli.mjs, out/main/index.js), in a checkout and in a package
 * alike. In a package the root is an asar archive; what the kernel, the
 * loader or another program must open lies unpacked beside it.
 */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export interface AppPaths {
  readonly rootDir: string;
  readonly helperFile: string;
  readonly addonFile: string;
  /** The helper looks for it beside the addon. */
  readonly libcWatchFile: string;
  readonly objectFile: string;
  readonly rulesDir: string;
  readonly demoRecording: string;
  readonly preloadFile: string;
  readonly rendererDir: string;
  readonly iconFile: string;
}

/** `moduleUrl`: import.meta.url of the built entry file. */
export function findPaths(moduleUrl: string): AppPaths {
  const rootDir = dirname(dirname(dirname(fileURLToPath(moduleUrl))));
  const realDir = rootDir.endsWith(".asar") ? `${rootDir}.unpacked` : rootDir;
  return {
    rootDir,
    helperFile: join(realDir, "out/node/helper.mjs"),
    addonFile: join(realDir, "build/Release/telltale_native.node"),
    libcWatchFile: join(realDir, "build/Release/telltale-libc-watch"),
    objectFile: join(realDir, "build/bpf/telltale.bpf.o"),
    rulesDir: join(realDir, "resources/rules"),
    demoRecording: join(realDir, "resources/demo/mongod.telltale"),
    preloadFile: join(rootDir, "out/preload/index.cjs"),
    rendererDir: join(rootDir, "out/renderer"),
    iconFile: join(realDir, "resources/icons/telltale-256.png"),
  };
}
