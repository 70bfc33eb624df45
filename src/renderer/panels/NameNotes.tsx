/** What hides a name, what a connection goes through, and lookups that are encrypted: small lines with an icon. */
import { ArrowRightLeft, EyeOff, Lock, type LucideIcon } from "lucide-react";
import type { GraphEdge } from "../../core/graph/graph.ts";
import type { EncryptedDns } from "../../core/model/name-evidence.ts";
import { encryptedDnsWords } from "../../core/model/name-words.ts";
import { type NameNote, nameNotes } from "../store/name-notes.ts";
import styles from "./NameNotes.module.css";

const ICONS: Readonly<Record<NameNote["kind"], LucideIcon>> = {
  hidden: EyeOff,
  hop: ArrowRightLeft,
  "encrypted-dns": Lock,
};

interface NoteProps {
  readonly icon: LucideIcon;
  readonly plain: string;
  readonly exact: string;
}

function Note({ icon: Icon, plain, exact }: NoteProps) {
  return (
    <p className={styles.note} title={exact} data-testid="name-note">
      <Icon size={13} strokeWidth={1.9} aria-hidden="true" />
      <span>{plain.charAt(0).toUpperCase() + plain.slice(1)}</span>
    </p>
  );
}

export function NameNotes({ edges }: { readonly edges: readonly GraphEdge[] }) {
  const notes = new Map(edges.flatMap(nameNotes).map((note) => [note.plain, note]));
  return [...notes.values()].map(({ kind, plain, exact }) => (
    <Note key={plain} icon={ICONS[kind]} plain={plain} exact={exact} />
  ));
}

export function EncryptedDnsNote({ used }: { readonly used: readonly EncryptedDns[] }) {
  return (
    <div className={styles.card} data-testid="encrypted-dns">
      <Note icon={Lock} {...encryptedDnsWords(used)} />
    </div>
  );
}
