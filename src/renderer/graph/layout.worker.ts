/** Runs the layout off the window's thread: heats when the graph changes, cools in under 3 s, then sleeps. */
import { createLayout } from "./layout.ts";
import type { LayoutPositions, LayoutRequest } from "./layout-messages.ts";

/** One frame at 60 Hz. */
const FRAME_MS = 16;
/** The first picture is half settled before it shows, so it never explodes on screen. */
const WARM_UP_MS = 350;
/** Whatever the machine's speed, the picture stands still after this. */
const HOT_LIMIT_MS = 2700;

const scope = self as unknown as DedicatedWorkerGlobalScope;
const layout = createLayout();
let version = 0;
let timer: ReturnType<typeof setTimeout> | null = null;
let hotSinceMs = 0;
let isDragging = false;

function post(isCool: boolean): void {
  const bodies = layout.bodies();
  const positions = new Float32Array(bodies.length * 2);
  bodies.forEach((body, index) => {
    positions[index * 2] = body.x;
    positions[index * 2 + 1] = body.y;
  });
  const message: LayoutPositions = { version, positions, isCool };
  scope.postMessage(message, [positions.buffer]);
}

function run(): void {
  timer = null;
  const begunMs = performance.now();
  let isHot = layout.step();
  if (!isDragging && begunMs - hotSinceMs > HOT_LIMIT_MS) isHot = false;
  post(!isHot);
  if (isHot) timer = setTimeout(run, Math.max(0, FRAME_MS - (performance.now() - begunMs)));
}

function heat(): void {
  hotSinceMs = performance.now();
  if (timer === null) timer = setTimeout(run, 0);
}

function warmUp(): void {
  const until = performance.now() + WARM_UP_MS;
  while (performance.now() < until && layout.step());
}

scope.onmessage = ({ data }: MessageEvent<LayoutRequest>) => {
  switch (data.kind) {
    case "graph": {
      version = data.version;
      const isFirst = data.isReset || layout.bodies().length === 0;
      layout.setGraph(data);
      if (isFirst) warmUp();
      break;
    }
    case "drag":
      isDragging = true;
      layout.drag(data.id, data.x, data.y);
      break;
    case "drop":
      isDragging = false;
      layout.drop(data.id);
      break;
    case "free":
      isDragging = false;
      layout.free(data.id);
      break;
  }
  heat();
};
