import type { LucideIcon } from "lucide-react";
import type { ComponentProps } from "react";
import styles from "./Button.module.css";

interface ButtonProps extends ComponentProps<"button"> {
  readonly icon?: LucideIcon;
  /** One button of a group is the next step; the others are quiet. */
  readonly isPrimary?: boolean;
}

export function Button({ icon: Icon, isPrimary = false, className, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      className={`${styles.button} ${isPrimary ? styles.primary : ""} ${className ?? ""}`}
      {...rest}
    >
      {Icon === undefined ? null : <Icon size={15} strokeWidth={1.9} aria-hidden="true" />}
      <span className={styles.text}>{children}</span>
    </button>
  );
}
