/** A program's lettered tile. */
import { tileLetter } from "../graph/scene.ts";
import styles from "./Tile.module.css";

interface TileProps {
  readonly label: string;
  readonly isQuiet?: boolean;
  readonly isLarge?: boolean;
}

export function Tile({ label, isQuiet = false, isLarge = false }: TileProps) {
  const className = `${styles.tile} ${isQuiet ? styles.quiet : ""} ${isLarge ? styles.large : ""}`;
  return (
    <span className={className} aria-hidden="true">
      {tileLetter(label)}
    </span>
  );
}
