/** Branded ids. A plain string or number never passes for one by accident. */

declare const brand: unique symbol;
type Branded<T, B extends string> = T & { readonly [brand]: B };

/**
 * The kernel's socket cookie read as a signed 64-bit integer. Cookies count up
 * from 1, or down from -1 when taken in interrupt context, so the signed value
 * is always a safe integer.
 */
export type SocketCookie = Branded<number, "SocketCookie">;

/** `pid:startTimeNs`. A pid alone is reused; the pair is not. */
export type ProcessKey = Branded<string, "ProcessKey">;

/** `cookie` for TCP, `cookie/address:port` for all others, where one socket has many remotes; `#2` behind it for a socket that connected again. */
export type FlowKey = Branded<string, "FlowKey">;

export type RuleId = Branded<string, "RuleId">;

/** Graph node: `program:<executable>` or `destination:<name or address>`. */
export type NodeId = Branded<string, "NodeId">;

/** `<program node id> -> <destination node id>`. */
export type EdgeId = Branded<string, "EdgeId">;

export const socketCookie = (value: number): SocketCookie => value as SocketCookie;
export const processKey = (pid: number, startTimeNs: number): ProcessKey => `${pid}:${startTimeNs}` as ProcessKey;
export const ruleId = (id: string): RuleId => id as RuleId;
export const nodeId = (id: string): NodeId => id as NodeId;
export const edgeId = (source: NodeId, target: NodeId): EdgeId => `${source} -> ${target}` as EdgeId;
