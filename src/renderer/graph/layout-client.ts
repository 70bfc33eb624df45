/** The window's end of the layout worker: sends the graph, keeps the newest positions in the scene's order. */
import type { NodeId } from "../../core/model/ids.ts";
import type { Point } from "./camera.ts";
import { entryPosition } from "./layout.ts";
import type { LayoutPositions, LayoutRequest } from "./layout-messages.ts";
import type { Scene } from "./scene.ts";

export class LayoutClient {
  readonly #worker: Worker;
  readonly #pinned = new Set<NodeId>();
  #version = 0;
  #ids: readonly NodeId[] = [];
  #positions = new Float32Array(0);

  constructor(onPositions: (positions: Float32Array, isCool: boolean) => void) {
    this.#worker = new Worker(new URL("./layout.worker.ts", import.meta.url), { type: "module" });
    this.#worker.onmessage = ({ data }: MessageEvent<LayoutPositions>) => {
      // An answer to an older graph: its order of nodes is no longer ours.
      if (data.version !== this.#version) return;
      this.#positions = new Float32Array(data.positions);
      onPositions(this.#positions, data.isCool);
    };
  }

  get pinned(): ReadonlySet<NodeId> {
    return this.#pinned;
  }

  /** Starts a new layout round; returns positions to show until the worker answers. */
  setScene(scene: Scene, isReset: boolean, aspect: number): Float32Array {
    const before = new Map(this.#ids.map((id, index) => [id, index]));
    const earlier = this.#positions;
    if (isReset) this.#pinned.clear();
    this.#version += 1;
    this.#ids = scene.nodes.map((node) => node.id);
    this.#positions = new Float32Array(this.#ids.length * 2);
    this.#ids.forEach((id, index) => {
      const known = isReset ? undefined : before.get(id);
      const at =
        known === undefined
          ? entryPosition(null, index)
          : { x: earlier[known * 2] ?? 0, y: earlier[known * 2 + 1] ?? 0 };
      this.#positions[index * 2] = at.x;
      this.#positions[index * 2 + 1] = at.y;
    });
    this.#placeNewcomers(scene, isReset ? new Map() : before);
    this.#post({
      kind: "graph",
      version: this.#version,
      nodes: scene.nodes.map(({ id, radiusPx }) => ({ id, radiusPx })),
      links: scene.edges
        .filter((edge) => edge.source !== edge.target)
        .map((edge) => [edge.source, edge.target] as const),
      isReset,
      aspect,
    });
    return this.#positions;
  }

  drag(id: NodeId, at: Point): void {
    this.#pinned.add(id);
    this.#post({ kind: "drag", id, x: at.x, y: at.y });
  }

  drop(id: NodeId): void {
    this.#post({ kind: "drop", id });
  }

  free(id: NodeId): void {
    this.#pinned.delete(id);
    this.#post({ kind: "free", id });
  }

  destroy(): void {
    this.#worker.terminate();
  }

  /** Newcomers show on top of a known neighbour until the worker has placed them. */
  #placeNewcomers(scene: Scene, before: ReadonlyMap<NodeId, number>): void {
    for (const edge of scene.edges) {
      for (const [own, other] of [
        [edge.source, edge.target],
        [edge.target, edge.source],
      ] as const) {
        const ownId = this.#ids[own];
        const otherId = this.#ids[other];
        if (ownId === undefined || otherId === undefined || before.has(ownId) || !before.has(otherId)) continue;
        this.#positions[own * 2] = this.#positions[other * 2] ?? 0;
        this.#positions[own * 2 + 1] = this.#positions[other * 2 + 1] ?? 0;
      }
    }
  }

  #post(request: LayoutRequest): void {
    this.#worker.postMessage(request);
  }
}
