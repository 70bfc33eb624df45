/** A process in one word, as `ps` shows it beside its pid. */
import { baseName } from "./base-name.ts";
import { displayText } from "./display-text.ts";

interface NamedProcess {
  readonly pid: number;
  readonly exe: string | null;
  readonly comm: string;
}

/** `sshd[812]`, safe to show. */
export const processText = ({ pid, exe, comm }: NamedProcess): string =>
  `${displayText(baseName(exe ?? "") || comm)}[${pid}]`;
