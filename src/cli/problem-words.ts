/** Why there is no capture and what to do about it, in a line or two for the terminal. */
import type { CaptureProblem } from "../contract/ipc-schema.ts";
import { displayText } from "../core/model/display-text.ts";

type Code = CaptureProblem["code"];

const WORDS: Readonly<Record<Code, { readonly what: string; readonly next: string }>> = {
  refused: {
    what: "Permission was not given.",
    next: "Watching all programs needs root. Run it again and confirm, or run it with sudo.",
  },
  "no-agent": {
    what: "There is no way here to ask for root.",
    next: "Install sudo, or run Telltale as root. `telltale doctor` shows what is there.",
  },
  "no-permission": {
    what: "The kernel refused the helper.",
    next: "It needs CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN; a container often takes them away. See `telltale doctor`.",
  },
  "no-btf": {
    what: "This kernel has no type information (BTF).",
    next: "Use a kernel built with CONFIG_DEBUG_INFO_BTF=y; every current distribution kernel is.",
  },
  "no-cgroup2": {
    what: "No cgroup v2 hierarchy is mounted.",
    next: "Mount it, as root: mkdir -p /run/cgroup2 && mount -t cgroup2 none /run/cgroup2",
  },
  "load-failed": {
    what: "The kernel did not accept the capture programs.",
    next: "`telltale doctor` shows what this kernel allows; please report the detail.",
  },
  "not-built": { what: "Telltale is not built completely.", next: "Run `npm start` once: it builds what is missing." },
  "helper-lost": { what: "The helper ended.", next: "Run it again; `telltale doctor` shows what is missing." },
  "peer-refused": {
    what: "The helper refused to talk to this process.",
    next: "Something else answered at the socket. Run it again.",
  },
  internal: { what: "Something went wrong inside Telltale.", next: "Please report the detail." },
};

export function problemWords(problem: CaptureProblem): string {
  const { what, next } = WORDS[problem.code];
  const detail = "detail" in problem && problem.detail !== "" ? `\n  ${displayText(problem.detail)}` : "";
  return `${what}${detail}\n${next}`;
}
