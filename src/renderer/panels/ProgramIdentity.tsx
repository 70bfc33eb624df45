/** What a program is: the application, where it comes from, what it runs in, and what it runs through. */
import { FileWarning } from "lucide-react";
import { useEffect, useState } from "react";
import type { ProgramFilesResult } from "../../contract/ipc-schema.ts";
import type { ProgramNode } from "../../core/graph/graph.ts";
import { displayText } from "../../core/model/display-text.ts";
import {
  bundleText,
  containerFacts,
  containerName,
  EXE_DELETED_TEXT,
  packageText,
  unitText,
} from "../../core/model/identity-words.ts";
import type { NodeId } from "../../core/model/ids.ts";
import type { NamedContainer } from "../../core/model/process-context.ts";
import { SoftBreaks } from "../components/SoftBreaks.tsx";
import { useCollaborators } from "../store/stores.ts";
import { Fact, Mono, Section } from "./details.tsx";
import styles from "./Inspector.module.css";

interface Answer {
  readonly program: NodeId;
  readonly files: ProgramFilesResult | null;
}

/** Asked once for a program that is looked at, and again when it has another process. null: not answered yet, or not at all. */
function useProgramFiles({ id, processCount }: ProgramNode): ProgramFilesResult | null {
  const { api } = useCollaborators();
  const [answer, setAnswer] = useState<Answer | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another process may run another file of the same name
  useEffect(() => {
    let isCurrent = true;
    const show = (files: ProgramFilesResult | null): void => {
      if (isCurrent) setAnswer({ program: id, files });
    };
    api.lookUpProgramFiles(id).then(show, () => show(null));
    return () => {
      isCurrent = false;
    };
  }, [api, id, processCount]);
  return answer?.program === id ? answer.files : null;
}

function packageWords(files: ProgramFilesResult): string | null {
  if (files.outcome === "not-here") return null;
  if (files.package !== null) return packageText(files.package);
  return files.isPackageKnown ? "none" : null;
}

const usersOf = ({ processes }: ProgramNode): readonly number[] =>
  [...new Set(processes.flatMap(({ uid }) => uid ?? []))].sort((a, b) => a - b);

export function ProgramIdentity({ node }: { readonly node: ProgramNode }) {
  const files = useProgramFiles(node);
  const found = files?.outcome === "looked-up" ? files : null;
  const isDeleted = node.isExeDeleted || (found?.deletedPids.length ?? 0) > 0;
  return (
    <Section title="Identity">
      {isDeleted ? (
        <p className={styles.notice} data-testid="exe-deleted">
          <FileWarning size={14} aria-hidden="true" />
          Take note: {EXE_DELETED_TEXT}.
        </p>
      ) : null}
      <dl className={styles.facts} data-testid="identity">
        <TextFact name="Application" text={found?.desktopName ?? null} />
        <TextFact name="Part of" text={node.bundle === null ? null : bundleText(node.bundle)} />
        <TextFact name="Package" text={files === null ? null : packageWords(files)} />
        {node.container === null ? null : <ContainerFact container={node.container} />}
        <TextFact name="Unit" text={node.unit === null ? null : unitText(node.unit)} />
        {node.exe === null ? <Fact name="Program">not known</Fact> : <PathFact name="Program" path={node.exe} />}
        {node.script === null ? null : <PathFact name="Script" path={node.script} />}
        <TextFact name="Helpers" text={node.helpers.join(", ")} />
        <TextFact name="User" text={usersOf(node).join(", ")} />
      </dl>
    </Section>
  );
}

/** Text that others chose, made safe to show; nothing where there is none. */
function TextFact({ name, text }: { readonly name: string; readonly text: string | null }) {
  if (text === null || text === "") return null;
  return (
    <Fact name={name}>
      <SafeText text={text} />
    </Fact>
  );
}

function SafeText({ text }: { readonly text: string }) {
  return (
    <bdi>
      <SoftBreaks text={displayText(text)} />
    </bdi>
  );
}

/** Its name as people know it; what tells it from others of that name stands below. */
function ContainerFact({ container }: { readonly container: NamedContainer }) {
  const facts = containerFacts(container);
  return (
    <Fact name="Container">
      <SafeText text={containerName(container)} />
      {facts.map((fact) => (
        <small key={fact}>
          <SafeText text={fact} />
        </small>
      ))}
    </Fact>
  );
}

function PathFact({ name, path }: { readonly name: string; readonly path: string }) {
  return (
    <Fact name={name} copy={path}>
      <Mono text={path} />
    </Fact>
  );
}
