/** For a destination known by address only: on the user's click, what the address's owner calls it. */
import { Search } from "lucide-react";
import { useState } from "react";
import type { ReverseNameResult } from "../../contract/ipc-schema.ts";
import type { DestinationNode } from "../../core/graph/graph.ts";
import { displayDomain } from "../../core/model/display-domain.ts";
import { displayText } from "../../core/model/display-text.ts";
import { nameSourceWords } from "../../core/model/format.ts";
import { Button } from "../components/Button.tsx";
import { NameMark } from "../components/NameMark.tsx";
import { useCollaborators } from "../store/stores.ts";
import { Mono } from "./details.tsx";
import styles from "./Inspector.module.css";

const CAN_BE_ASKED: ReadonlySet<DestinationNode["locality"]> = new Set(["internet", "private", "link-local"]);

export function ReverseNames({ node }: { readonly node: DestinationNode }) {
  const { api } = useCollaborators();
  const [isAsking, setAsking] = useState(false);
  const [result, setResult] = useState<ReverseNameResult | null>(null);
  if (node.isNamed || !CAN_BE_ASKED.has(node.locality)) return null;
  const ask = async (): Promise<void> => {
    setAsking(true);
    try {
      setResult(await api.lookUpReverseNames(node.id));
    } catch {
      setResult({ outcome: "failed", reason: "Telltale itself did not answer" });
    } finally {
      setAsking(false);
    }
  };
  return (
    <div className={styles.reverse}>
      <Button icon={Search} onClick={() => void ask()} disabled={isAsking} data-testid="reverse-lookup">
        {isAsking ? "Asking…" : "Look up reverse names"}
      </Button>
      <p className={styles.hint}>
        Asks your resolver what the owner of the address calls it. This makes network traffic; without a click Telltale
        makes none.
      </p>
      <div role="status" data-testid="reverse-result">
        {result === null ? null : <Result result={result} />}
      </div>
    </div>
  );
}

function Result({ result }: { readonly result: ReverseNameResult }) {
  if (result.outcome === "failed") return <p className={styles.sentence}>No names: {displayText(result.reason)}.</p>;
  if (result.names.length === 0) return <p className={styles.sentence}>The owner gives this address no name.</p>;
  return (
    <ul className={styles.evidence}>
      {result.names.map(({ address, name }) => (
        <li key={address} title={nameSourceWords("reverse-dns").exact}>
          <NameMark source="reverse-dns" isContradicted={false} />
          <bdi dir="ltr">{displayDomain(name)}</bdi>
          <small>
            {nameSourceWords("reverse-dns").plain} · <Mono text={address} />
          </small>
        </li>
      ))}
    </ul>
  );
}
