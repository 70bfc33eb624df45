/**
 * The force layout: programs and destinations with stable positions. New nodes
 * enter near a neighbour; nodes that have settled are held near their place,
 * so one new contact does not stir the whole picture. No DOM, no timer: the
 * worker calls `step`.
 */
import {
  forceCollide,
  forceLink,
  forceManyBody,
  forceSimulation,
  forceX,
  forceY,
  type Simulation,
  type SimulationLinkDatum,
  type SimulationNodeDatum,
} from "d3-force";
import type { LayoutGraph } from "./layout-messages.ts";

export interface Body extends SimulationNodeDatum {
  readonly id: string;
  radiusPx: number;
  x: number;
  y: number;
  /** Where it had settled when the graph last changed; null for a new node. */
  home: { readonly x: number; readonly y: number } | null;
  /** Links at this node. */
  degree: number;
}

type Link = SimulationLinkDatum<Body>;

/** Cool after about 150 steps: 2.4 s at 60 steps a second. */
const ALPHA_DECAY = 0.04;
const ALPHA_MIN = 0.002;
const REHEAT_FEW = 0.28;
const REHEAT_MANY = 0.7;
const REHEAT_DRAG = 0.22;
const HOME_STRENGTH = 0.35;
/** Links and charge pull a picture round; so the pull to the middle must overdo the window's shape, up to this. */
const SHAPE_POWER = 2;
const MAX_SHAPE = 3;
const ENTRY_DISTANCE_PX = 46;
/** The angle that spreads successive points most evenly, as in a sunflower. */
const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));

/** Where the `count`-th newcomer enters: beside its neighbour, or on a spiral from the middle. */
export function entryPosition(neighbour: { x: number; y: number } | null, count: number): { x: number; y: number } {
  const angle = count * GOLDEN_ANGLE;
  const distance = neighbour === null ? 60 + 26 * Math.sqrt(count) : ENTRY_DISTANCE_PX;
  return {
    x: (neighbour?.x ?? 0) + distance * Math.cos(angle),
    y: (neighbour?.y ?? 0) + distance * Math.sin(angle),
  };
}

export interface Layout {
  readonly setGraph: (graph: LayoutGraph) => void;
  readonly drag: (id: string, x: number, y: number) => void;
  readonly drop: (id: string) => void;
  readonly free: (id: string) => void;
  /** One step of the simulation; false when it is cool. */
  readonly step: () => boolean;
  readonly isCool: () => boolean;
  readonly bodies: () => readonly Body[];
}

export function createLayout(): Layout {
  let bodies: Body[] = [];
  let byId = new Map<string, Body>();
  const simulation = buildSimulation();
  const reheat = (alpha: number): void => {
    simulation.alpha(Math.max(simulation.alpha(), alpha));
  };

  return {
    setGraph: (graph) => {
      const before = graph.isReset ? new Map<string, Body>() : byId;
      bodies = placeBodies(graph, before);
      byId = new Map(bodies.map((body) => [body.id, body]));
      const links = graph.links.map(([source, target]): Link => ({ source, target }));
      applyGraph(simulation, bodies, links, graph.aspect);
      const newcomers = bodies.filter((body) => body.home === null).length;
      if (newcomers === bodies.length) simulation.alpha(1);
      else if (newcomers > 0) reheat(newcomers * 8 > bodies.length ? REHEAT_MANY : REHEAT_FEW);
      else reheat(REHEAT_FEW / 4);
    },
    drag: (id, x, y) => {
      const body = byId.get(id);
      if (body === undefined) return;
      body.fx = x;
      body.fy = y;
      for (const other of bodies) other.home = null;
      simulation.alphaTarget(REHEAT_DRAG);
      reheat(REHEAT_DRAG);
    },
    drop: () => {
      simulation.alphaTarget(0);
    },
    free: (id) => {
      const body = byId.get(id);
      if (body === undefined) return;
      body.fx = null;
      body.fy = null;
      simulation.alphaTarget(0);
      reheat(REHEAT_FEW);
    },
    step: () => {
      if (simulation.alpha() < ALPHA_MIN) return false;
      simulation.tick();
      return simulation.alpha() >= ALPHA_MIN;
    },
    isCool: () => simulation.alpha() < ALPHA_MIN,
    bodies: () => bodies,
  };
}

function buildSimulation(): Simulation<Body, Link> {
  return forceSimulation<Body, Link>([])
    .stop()
    .alpha(0)
    .alphaMin(ALPHA_MIN)
    .alphaDecay(ALPHA_DECAY)
    .velocityDecay(0.45)
    .force("home", homeForce());
}

function applyGraph(simulation: Simulation<Body, Link>, bodies: Body[], links: Link[], aspect: number): void {
  const link = forceLink<Body, Link>(links)
    .distance(({ source, target }) => linkDistancePx(source as Body, target as Body))
    .strength(({ source, target }) => linkStrength(source as Body, target as Body));
  // Weaker in the longer direction, so the picture takes the window's shape.
  const pull = bodies.length > 300 ? 0.028 : bodies.length > 100 ? 0.035 : 0.05;
  const shape = Math.min(MAX_SHAPE, Math.max(1 / MAX_SHAPE, aspect ** SHAPE_POWER));
  simulation
    .nodes(bodies)
    .force("link", link)
    .force(
      "charge",
      forceManyBody<Body>()
        .strength((body) => -110 - body.radiusPx * 4 - Math.min(body.degree, 60) * 34)
        .distanceMax(bodies.length > 300 ? 2400 : 900)
        .theta(bodies.length > 600 ? 1.1 : 0.9),
    )
    .force("collide", forceCollide<Body>((body) => body.radiusPx + 7).strength(0.8))
    .force("x", forceX<Body>(0).strength(pull / shape))
    .force("y", forceY<Body>(0).strength(pull * shape));
}

/** Hubs need room for their ring of destinations; what two hubs share lies between them, further out. */
function linkDistancePx(source: Body, target: Body): number {
  const shared = Math.min(source.degree, target.degree) > 1 ? 60 : 0;
  return 40 + shared + source.radiusPx + target.radiusPx + 7 * Math.sqrt(Math.max(source.degree, target.degree));
}

/** A destination of one program stays in its ring; one of many pulls gently, or all rings would fall into one. */
function linkStrength(source: Body, target: Body): number {
  const shared = Math.min(source.degree, target.degree);
  return shared <= 1 ? 0.8 : 0.45 / shared;
}

function homeForce(): (alpha: number) => void {
  let bodies: Body[] = [];
  const force = (alpha: number): void => {
    for (const body of bodies) {
      if (body.home === null) continue;
      body.vx = (body.vx ?? 0) + (body.home.x - body.x) * HOME_STRENGTH * alpha;
      body.vy = (body.vy ?? 0) + (body.home.y - body.y) * HOME_STRENGTH * alpha;
    }
  };
  force.initialize = (nodes: Body[]): void => {
    bodies = nodes;
  };
  return force;
}

/** The bodies of `graph`, in its order: known ones where they are, newcomers near a placed neighbour. */
function placeBodies(graph: LayoutGraph, before: ReadonlyMap<string, Body>): Body[] {
  const neighbours = neighbourLists(graph);
  const placed: (Body | undefined)[] = graph.nodes.map(({ id, radiusPx }, index) => {
    const known = before.get(id);
    if (known === undefined) return undefined;
    known.radiusPx = radiusPx;
    known.home = { x: known.x, y: known.y };
    known.degree = neighbours[index]?.length ?? 0;
    return known;
  });
  // Nodes with the most neighbours first: their rings then form around them.
  const newcomers = graph.nodes
    .map((_, index) => index)
    .filter((index) => placed[index] === undefined)
    .sort((a, b) => (neighbours[b]?.length ?? 0) - (neighbours[a]?.length ?? 0));
  newcomers.forEach((index, count) => {
    const node = graph.nodes[index];
    if (node === undefined) return;
    const near = neighbours[index]?.find((other) => placed[other] !== undefined);
    const entry = entryPosition(near === undefined ? null : (placed[near] ?? null), count);
    const degree = neighbours[index]?.length ?? 0;
    placed[index] = { id: node.id, radiusPx: node.radiusPx, degree, home: null, ...entry };
  });
  return placed.filter((body) => body !== undefined);
}

function neighbourLists(graph: LayoutGraph): number[][] {
  const neighbours: number[][] = graph.nodes.map(() => []);
  for (const [source, target] of graph.links) {
    neighbours[source]?.push(target);
    neighbours[target]?.push(source);
  }
  return neighbours;
}
