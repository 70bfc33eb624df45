import { useMemo } from "react";
import type { GraphEdge, ProgramNode, ProgramProcess } from "../../core/graph/graph.ts";
import { displayArguments, displayText } from "../../core/model/display-text.ts";
import { BYTES_WORDS, categoryWords, formatBytes, formatCount, groupDigits } from "../../core/model/format.ts";
import { EXE_DELETED_TEXT } from "../../core/model/identity-words.ts";
import type { NodeId } from "../../core/model/ids.ts";
import { REPORTED_CATEGORIES, type Verdict } from "../../core/model/verdict.ts";
import { CopyButton } from "../components/CopyButton.tsx";
import { RelativeTime } from "../components/RelativeTime.tsx";
import { SoftBreaks } from "../components/SoftBreaks.tsx";
import { Tile } from "../components/Tile.tsx";
import { displayName } from "../display-name.ts";
import { baseName } from "../store/capture-words.ts";
import { edgesAt } from "../store/graph-state.ts";
import { useSession } from "../store/stores.ts";
import { careRank } from "../tone.ts";
import { ContactList } from "./ContactList.tsx";
import { Fact, Mono, Numbers, Section } from "./details.tsx";
import styles from "./Inspector.module.css";
import { LookupSection } from "./LookupSection.tsx";
import { EncryptedDnsNote } from "./NameNotes.tsx";
import { ProgramIdentity } from "./ProgramIdentity.tsx";
import { VerdictCard } from "./VerdictCard.tsx";

interface ProgramDetailsProps {
  readonly node: ProgramNode;
}

const MAX_PROCESSES_SHOWN = 5;

export function ProgramDetails({ node }: ProgramDetailsProps) {
  const graph = useSession((state) => state.graph);
  const all = useMemo(() => edgesAt(graph, node.id).sort(byCareThenBytes), [graph, node.id]);
  const edges = all.filter(({ source }) => source === node.id);
  const callers = all.filter(({ source }) => source !== node.id);
  const reported = contactsByRule(edges);
  return (
    <>
      <header className={styles.head}>
        <Tile label={node.label} isLarge isQuiet={!node.isRunning} />
        <div className={styles.headWords}>
          <h2 className={styles.title}>
            <bdi>{displayName(node.label)}</bdi>
          </h2>
          <p className={styles.subtitle}>
            {categoryWords(node.category).plain}
            {node.isSuspected ? ", suspected" : ""} · {node.isRunning ? "running" : "ended"}
          </p>
        </div>
      </header>
      <Numbers
        values={[
          ["Destinations", groupDigits(node.destinationCount)],
          ["Sent", formatBytes(node.bytesSent), BYTES_WORDS],
          ["Received", formatBytes(node.bytesReceived), BYTES_WORDS],
        ]}
      />
      {node.encryptedDns.length === 0 ? null : <EncryptedDnsNote used={node.encryptedDns} />}
      <ProgramIdentity node={node} />
      {reported.length === 0 ? null : (
        <Section title="What it reports, and how to stop it">
          {reported.map(({ key, verdict, targets }) => (
            <VerdictCard
              key={key}
              verdict={verdict}
              program={node.label}
              destinations={targets.map((id) => graph.nodes.get(id)?.label ?? "")}
            />
          ))}
        </Section>
      )}
      <Section title={`Destinations (${edges.length})`}>
        <ContactList edges={edges} shows="destination" />
      </Section>
      {callers.length === 0 ? null : (
        <Section title={`Called by, on this machine (${callers.length})`}>
          <ContactList edges={callers} shows="program" />
        </Section>
      )}
      <LookupSection node={node} />
      <Section title="Activity">
        <dl className={styles.facts}>
          <Fact name="First seen">
            <RelativeTime ns={node.firstSeenNs} />
          </Fact>
          <Fact name="Last seen">
            <RelativeTime ns={node.lastSeenNs} />
          </Fact>
          <Fact name="Connections">{groupDigits(node.flowCount)}</Fact>
        </dl>
      </Section>
      <Section title={formatCount(node.processCount, "process", "processes")}>
        {node.processes.slice(0, MAX_PROCESSES_SHOWN).map((process) => (
          <ProcessFacts key={process.key} process={process} />
        ))}
      </Section>
    </>
  );
}

const byCareThenBytes = (a: GraphEdge, b: GraphEdge): number =>
  careRank(a.verdict.category) - careRank(b.verdict.category) ||
  b.bytesSent + b.bytesReceived - a.bytesSent - a.bytesReceived;

interface Reported {
  readonly key: string;
  readonly verdict: Verdict;
  readonly targets: readonly NodeId[];
}

/** One card a rule; ordinary contacts need none. */
function contactsByRule(edges: readonly GraphEdge[]): Reported[] {
  const byRule = new Map<string, { key: string; verdict: Verdict; targets: NodeId[] }>();
  for (const { verdict, target } of edges) {
    if (!REPORTED_CATEGORIES.has(verdict.category)) continue;
    const key = `${verdict.ruleId ?? ""} ${verdict.category} ${verdict.vendor ?? ""}`;
    const known = byRule.get(key);
    if (known === undefined) byRule.set(key, { key, verdict, targets: [target] });
    else known.targets.push(target);
  }
  return [...byRule.values()];
}

function ProcessFacts({ process }: { readonly process: ProgramProcess }) {
  const command = process.argv === null ? null : displayArguments(process.argv);
  return (
    <dl className={`${styles.facts} ${styles.process}`}>
      <Fact name="Process">
        {process.pid}
        {process.uid === null ? "" : `, user ${process.uid}`}
        {process.helper === null ? "" : `, ${displayText(process.helper)}`}
        {process.exitedAtNs === null ? "" : ", ended"}
        {process.isExeDeleted === true ? `; ${EXE_DELETED_TEXT}` : ""}
      </Fact>
      {command === null ? null : (
        <>
          <dt>Command</dt>
          <dd>
            <bdi className={styles.mono}>
              <SoftBreaks text={command} />
            </bdi>
            <CopyButton text={command} label="Copy command" />
          </dd>
        </>
      )}
      {process.ancestors.length === 0 ? null : (
        <>
          <dt>Started by</dt>
          <dd>
            <ol className={styles.chain}>
              {process.ancestors.map((ancestor) => (
                <li key={ancestor.pid} title={ancestor.exe === null ? "" : displayText(ancestor.exe)}>
                  {ancestor.exe === null ? `process ${ancestor.pid}` : displayText(baseName(ancestor.exe))}
                </li>
              ))}
            </ol>
          </dd>
        </>
      )}
      {process.cgroup === null ? null : (
        <Fact name="Group">
          <Mono text={process.cgroup} />
        </Fact>
      )}
    </dl>
  );
}
