/** Building blocks of the inspector. */
import type { ReactNode } from "react";
import { displayText } from "../../core/model/display-text.ts";
import { CopyButton } from "../components/CopyButton.tsx";
import { SoftBreaks } from "../components/SoftBreaks.tsx";
import styles from "./Inspector.module.css";

interface SectionProps {
  readonly title: string;
  readonly children: ReactNode;
}

export function Section({ title, children }: SectionProps) {
  return (
    <section className={styles.section}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

interface NumbersProps {
  /** Name, number, and what is counted, for a hover. */
  readonly values: readonly (readonly [string, string, string?])[];
}

export function Numbers({ values }: NumbersProps) {
  return (
    <dl className={styles.numbers}>
      {values.map(([name, value, hint]) => (
        <div key={name} title={hint}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

interface FactProps {
  readonly name: string;
  readonly children: ReactNode;
  /** What the copy button copies; without it there is none. */
  readonly copy?: string;
}

export function Fact({ name, children, copy }: FactProps) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <span>{children}</span>
        {copy === undefined ? null : <CopyButton text={copy} label={`Copy ${name.toLowerCase()}`} />}
      </dd>
    </>
  );
}

interface MonoProps {
  readonly text: string;
}

/** A path, address or argument as the program gave it, made safe to show. */
export function Mono({ text }: MonoProps) {
  return (
    <bdi className={styles.mono}>
      <SoftBreaks text={displayText(text)} />
    </bdi>
  );
}
