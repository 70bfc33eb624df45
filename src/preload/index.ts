/** Exposes the API of contract 3 to the window, and nothing else. */
import { contextBridge, ipcRenderer } from "electron";
import { eventChannel, type GraphUpdate, REQUESTS, type RequestName, requestChannel } from "../contract/ipc-schema.ts";

const requestNames = Object.keys(REQUESTS) as RequestName[];
const requests = Object.fromEntries(
  requestNames.map((name) => [name, (argument?: unknown) => ipcRenderer.invoke(requestChannel(name), argument)]),
);

contextBridge.exposeInMainWorld("telltale", {
  ...requests,
  onUpdate: (listener: (update: GraphUpdate) => void) => {
    // The event object is Electron's and must not reach the page.
    const receive = (_event: unknown, update: GraphUpdate): void => listener(update);
    ipcRenderer.on(eventChannel("update"), receive);
    return () => {
      ipcRenderer.off(eventChannel("update"), receive);
    };
  },
});
