import { existsSync, statSync } from "node:fs";
import { connect } from "node:net";
import { dirname } from "node:path";
import { describe, expect, test } from "vitest";
import { type HelperServer, listenForHelper } from "../../../src/engine/helper-server.ts";
import { temporaryFolders } from "./temporary-folder.ts";

const newFolder = temporaryFolders();

/** Peers are told apart by the order they come in: the kernel would say the same uid for all of a test. */
async function serverFor(uids: readonly number[], runtimeDir?: string): Promise<HelperServer> {
  const coming = [...uids];
  return listenForHelper({ peerCredentials: () => ({ uid: coming.shift() ?? -1 }), requiredUid: 0, runtimeDir });
}

/** Resolves with what the peer was told before it was closed. */
function visit(socketPath: string): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    const socket = connect(socketPath);
    socket.on("data", (part) => {
      text += String(part);
    });
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(text));
  });
}

describe("the socket for the helper", () => {
  test("lies in a folder that only we can enter", async () => {
    const server = await serverFor([]);
    expect(statSync(dirname(server.socketPath)).mode & 0o777).toBe(0o700);
    await server.close();
  });

  test("lies in the user's runtime folder when that is private, and not when others can enter it", async () => {
    const runtimeDir = newFolder();
    const inside = await serverFor([], runtimeDir);
    expect(inside.socketPath.startsWith(`${runtimeDir}/`)).toBe(true);
    await inside.close();
    const elsewhere = await serverFor([], "/tmp");
    expect(dirname(dirname(elsewhere.socketPath))).not.toBe("/nonexistent");
    await elsewhere.close();
  });

  test("turns away who is not root, and still takes root after that", async () => {
    const server = await serverFor([1000, 0]);
    expect(await visit(server.socketPath)).toBe("");
    expect(server.refusedCount()).toBe(1);
    const visiting = visit(server.socketPath);
    const helper = await server.connection;
    helper.end("hello");
    helper.resume();
    expect(await visiting).toBe("hello");
    await server.close();
  });

  test("takes one peer only", async () => {
    const server = await serverFor([0, 0]);
    const first = connect(server.socketPath);
    const helper = await server.connection;
    await visit(server.socketPath);
    expect(helper.destroyed).toBe(false);
    first.destroy();
    helper.destroy();
    await server.close();
  });

  test("refuses a peer whose identity the kernel will not tell", async () => {
    const server = await listenForHelper({
      peerCredentials: () => {
        throw new Error("ENOTCONN");
      },
      requiredUid: 0,
      runtimeDir: undefined,
    });
    expect(await visit(server.socketPath)).toBe("");
    expect(server.refusedCount()).toBe(1);
    await server.close();
  });

  test("leaves no folder behind", async () => {
    const server = await serverFor([]);
    await server.close();
    expect(existsSync(dirname(server.socketPath))).toBe(false);
  });
});
