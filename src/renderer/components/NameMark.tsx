/** The small mark for how a name is known; hovering says it in words. */
import { nameMark, nameSourceWords } from "../../core/model/format.ts";
import type { NameSource } from "../../core/model/name-evidence.ts";
import styles from "./NameMark.module.css";

interface NameMarkProps {
  readonly source: NameSource | null;
  readonly isContradicted: boolean;
}

export function nameMarkWords({ source, isContradicted }: NameMarkProps): { plain: string; exact: string } {
  const words = nameSourceWords(source);
  if (!isContradicted) return words;
  return {
    plain: "the program's own sources disagree",
    exact: `${words.exact}; the program's TLS name is not the name it looked up`,
  };
}

export function NameMark(props: NameMarkProps) {
  const words = nameMarkWords(props);
  return (
    <span className={styles.mark} role="img" aria-label={words.plain} title={`${words.plain}\n${words.exact}`}>
      {nameMark(props.source, props.isContradicted)}
    </span>
  );
}
