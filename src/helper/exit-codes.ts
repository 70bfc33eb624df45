/** How the helper ends. 0: its peer went, or it was asked to stop. */
export const EXIT = { usage: 2, peerRefused: 3, captureFailed: 4, internal: 5 } as const;

/** An end whose reason is known; everything else is "internal". */
export class HelperError extends Error {
  readonly exitCode: number;
  readonly failureCode: string;

  constructor(exitCode: number, failureCode: string, message: string) {
    super(message);
    this.exitCode = exitCode;
    this.failureCode = failureCode;
  }
}
