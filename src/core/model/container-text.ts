/** A container in words: "container web-db", by the start of its id where nobody told its name. */
import type { NamedContainer } from "./process-context.ts";

/** As `docker ps` shows them. */
const SHORT_ID_CHARACTERS = 12;
const HEX_ID = /^[0-9a-f]{64}$/;

export const shortContainerId = (id: string): string => (HEX_ID.test(id) ? id.slice(0, SHORT_ID_CHARACTERS) : id);

export const containerText = ({ id, name }: Pick<NamedContainer, "id" | "name">): string =>
  `container ${name ?? shortContainerId(id)}`;
