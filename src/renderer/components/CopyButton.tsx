import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import styles from "./CopyButton.module.css";
import { IconButton } from "./IconButton.tsx";

interface CopyButtonProps {
  readonly text: string;
  readonly label: string;
}

const DONE_MS = 1200;

export function CopyButton({ text, label }: CopyButtonProps) {
  const [isDone, setDone] = useState(false);
  useEffect(() => {
    if (!isDone) return;
    const timer = setTimeout(() => setDone(false), DONE_MS);
    return () => clearTimeout(timer);
  }, [isDone]);
  const copy = (): void => {
    void navigator.clipboard.writeText(text).then(
      () => setDone(true),
      () => setDone(false),
    );
  };
  return (
    <IconButton
      className={styles.copy ?? ""}
      icon={isDone ? Check : Copy}
      label={isDone ? "Copied" : label}
      onClick={copy}
    />
  );
}
