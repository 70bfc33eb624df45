/** Contract 3 on the main side: every request checks who asks and parses what is asked. */
import type { IpcMain, IpcMainInvokeEvent } from "electron";
import {
  REQUESTS,
  type RequestArgument,
  type RequestName,
  type RequestResult,
  requestChannel,
} from "../contract/ipc-schema.ts";
import { APP_ORIGIN } from "./app-protocol.ts";

export type RequestHandlers = {
  readonly [N in RequestName]: (argument: RequestArgument<N>) => Promise<RequestResult<N>>;
};

/** The part of an IPC event that says who asks. */
export type Asker = Pick<IpcMainInvokeEvent, "senderFrame">;

/** Only the top frame of our own page; a frame inside it, or a page it was led to, gets nothing. */
export function isOurPage({ senderFrame }: Asker): boolean {
  if (senderFrame === null || senderFrame.parent !== null) return false;
  return URL.canParse(senderFrame.url) && senderFrame.url.startsWith(`${APP_ORIGIN}/`);
}

function serveRequest<N extends RequestName>(
  ipcMain: Pick<IpcMain, "handle">,
  name: N,
  handlers: RequestHandlers,
): void {
  const handler = handlers[name];
  const parse = REQUESTS[name].parse as (value: unknown) => RequestArgument<N>;
  ipcMain.handle(requestChannel(name), async (event, value: unknown) => {
    if (!isOurPage(event)) throw new Error(`${name} refused: not from Telltale's own page`);
    return handler(parse(value));
  });
}

export function serveRequests(ipcMain: Pick<IpcMain, "handle">, handlers: RequestHandlers): void {
  for (const name of Object.keys(REQUESTS) as RequestName[]) serveRequest(ipcMain, name, handlers);
}
