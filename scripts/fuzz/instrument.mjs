/**
 * Code -> the same code with a counter in each block, for coverage-guided
 * fuzzing: function bodies, both sides of a branch, loop bodies, switch cases,
 * the right sides of `&&`, `||`, `??`. The numbers and words the code compares
 * with become words for mutation.
 */
import { parseAst } from "vite";

/** @typedef {{ type: string, start: number, end: number, [field: string]: unknown }} Node */
/** @typedef {{ at: number, text: string }} Insertion */

const MAX_LITERAL_CHARS = 32;

/** @param {unknown} value @returns {value is Node} */
const isNode = (value) =>
  typeof value === "object" && value !== null && typeof (/** @type {any} */ (value).type) === "string";

/** @param {Node} node @returns {Node[]} in the order of the source */
function childrenOf(node) {
  return Object.values(node)
    .flatMap((value) => (Array.isArray(value) ? value : [value]))
    .filter(isNode)
    .sort((a, b) => a.start - b.start);
}

/** @param {number} value @returns {Uint8Array[]} as wire formats write it */
function numberBytes(value) {
  const big = (/** @type {number} */ size) =>
    Uint8Array.from({ length: size }, (_, index) => Math.floor(value / 256 ** (size - 1 - index)) & 0xff);
  if (value < 256) return [big(1)];
  return value < 65_536 ? [big(2)] : [big(value < 2 ** 24 ? 3 : 4), big(4).reverse()];
}

/** @param {unknown} value @returns {Uint8Array[]} */
function literalBytes(value) {
  if (typeof value === "string" && value !== "" && value.length <= MAX_LITERAL_CHARS) {
    return [new TextEncoder().encode(value)];
  }
  if (typeof value === "number" && Number.isInteger(value) && value > 0 && value < 2 ** 32) return numberBytes(value);
  return [];
}

/** Collects counters and literals over all files of one bundle. */
export function createInstrumenter() {
  let blocks = 0;
  /** @type {Map<string, Uint8Array>} */
  const literals = new Map();

  /** @param {string} code @returns {string} */
  function instrument(code) {
    /** @type {Insertion[]} */
    const insertions = [];
    const count = () => `__hits[${blocks++}]++`;
    /** @param {number} at @param {string} text */
    const insert = (at, text) => void insertions.push({ at, text });

    /** Counts when an expression is evaluated. @param {Node} node */
    function expression(node) {
      insert(node.start, `(${count()},(`);
      visit(node);
      insert(node.end, "))");
    }
    /** Counts when a statement runs. @param {Node} node */
    function statement(node) {
      const isBlock = node.type === "BlockStatement";
      insert(isBlock ? node.start + 1 : node.start, isBlock ? `${count()};` : `{${count()};`);
      visit(node);
      if (!isBlock) insert(node.end, "}");
    }

    /** @type {Record<string, (node: any) => void>} */
    const special = {
      IfStatement: (node) => {
        visit(node.test);
        statement(node.consequent);
        if (node.alternate) statement(node.alternate);
        else insert(node.end, ` else {${count()};}`);
      },
      ConditionalExpression: (node) => {
        visit(node.test);
        expression(node.consequent);
        expression(node.alternate);
      },
      LogicalExpression: (node) => {
        visit(node.left);
        expression(node.right);
      },
      ArrowFunctionExpression: (node) => {
        for (const parameter of node.params) visit(parameter);
        if (node.body.type === "BlockStatement") statement(node.body);
        else expression(node.body);
      },
      SwitchCase: (node) => {
        if (node.test) visit(node.test);
        const [first] = node.consequent;
        if (first) insert(first.start, `${count()};`);
        for (const one of node.consequent) visit(one);
      },
      CatchClause: (node) => statement(node.body),
      ImportDeclaration: () => undefined,
      Literal: (node) => {
        for (const bytes of literalBytes(node.value)) literals.set(bytes.join(), bytes);
      },
    };
    for (const type of ["FunctionDeclaration", "FunctionExpression"]) {
      special[type] = (node) => {
        for (const parameter of node.params) visit(parameter);
        statement(node.body);
      };
    }
    for (const type of ["ForStatement", "ForOfStatement", "ForInStatement", "WhileStatement", "DoWhileStatement"]) {
      special[type] = (node) => {
        for (const child of childrenOf(node)) if (child !== node.body) visit(child);
        statement(node.body);
      };
    }
    /** @param {Node} node */
    function visit(node) {
      const own = special[node.type];
      if (own) own(node);
      else for (const child of childrenOf(node)) visit(child);
    }

    visit(/** @type {Node} */ (/** @type {unknown} */ (parseAst(code))));
    return splice(code, insertions);
  }

  return { instrument, blocks: () => blocks, literals: () => [...literals.values()] };
}

/** Insertions at one place stay in the order they were made. @param {string} code @param {Insertion[]} insertions */
function splice(code, insertions) {
  let result = "";
  let from = 0;
  for (const { at, text } of insertions.toSorted((a, b) => a.at - b.at)) {
    result += code.slice(from, at) + text;
    from = at;
  }
  return result + code.slice(from);
}
