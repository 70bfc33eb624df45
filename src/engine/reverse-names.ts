/**
 * Reverse lookups (PTR), the only traffic Telltale ever makes, and only when
 * asked for. Made by the unprivileged side through the system's resolver; what
 * comes back is chosen by whoever owns the address, so it is hostile input.
 */
import { Resolver } from "node:dns/promises";
import type { ReverseNameResult } from "../contract/ipc-schema.ts";
import { parseReverseName } from "../core/protocol/reverse-name.ts";
import { errorCode, explainError } from "./explain-error.ts";

export interface ReverseResolver {
  readonly reverse: (address: string) => Promise<readonly string[]>;
  /** Lets every question that is still open fail. */
  readonly cancel: () => void;
}

/** A destination holds at most so many addresses. */
export const MAX_REVERSE_ADDRESSES = 16;
/** A person waits for this; resolvers that work answer within one second. */
const LIMIT_MS = 5000;

/** The owner gave no name: an answer, not a failure. */
const NO_NAME_CODES: ReadonlySet<string> = new Set(["ENOTFOUND", "ENODATA"]);

const PROBLEM_WORDS: Readonly<Record<string, string>> = {
  ETIMEOUT: "no resolver answered within 5 seconds",
  ECANCELLED: "no resolver answered within 5 seconds",
  ECONNREFUSED: "no resolver could be reached",
  ENONAME: "no resolver could be reached",
  ESERVFAIL: "the resolver could not find out",
  EREFUSED: "the resolver refused to answer",
};

const explainProblem = (error: unknown): string => PROBLEM_WORDS[errorCode(error) ?? ""] ?? explainError(error);

export const systemReverseResolver = (): ReverseResolver => new Resolver({ timeout: LIMIT_MS, tries: 1 });

type Answer =
  | { readonly outcome: "name"; readonly address: string; readonly name: string }
  | { readonly outcome: "no-name" }
  | { readonly outcome: "problem"; readonly reason: string };

async function ask(resolver: ReverseResolver, address: string): Promise<Answer> {
  try {
    for (const text of await resolver.reverse(address)) {
      const name = parseReverseName(text);
      // The first that is a name: an owner who gives many does not get more room.
      if (name !== undefined) return { outcome: "name", address, name };
    }
    return { outcome: "no-name" };
  } catch (error) {
    if (NO_NAME_CODES.has(errorCode(error) ?? "")) return { outcome: "no-name" };
    return { outcome: "problem", reason: explainProblem(error) };
  }
}

/** At most MAX_REVERSE_ADDRESSES are asked for, all at once; one name an address. */
export async function lookUpReverseNames(
  addresses: readonly string[],
  resolver: ReverseResolver = systemReverseResolver(),
): Promise<ReverseNameResult> {
  const timer = setTimeout(() => resolver.cancel(), LIMIT_MS);
  try {
    const asked = addresses.slice(0, MAX_REVERSE_ADDRESSES);
    const answers = await Promise.all(asked.map((address) => ask(resolver, address)));
    const problems = answers.flatMap((answer) => (answer.outcome === "problem" ? [answer.reason] : []));
    const [reason] = problems;
    if (reason !== undefined && problems.length === answers.length) return { outcome: "failed", reason };
    const names = answers.flatMap((answer) =>
      answer.outcome === "name" ? [{ address: answer.address, name: answer.name }] : [],
    );
    return { outcome: "looked-up", names };
  } finally {
    clearTimeout(timer);
  }
}
