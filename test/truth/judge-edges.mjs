// @ts-check
/** Holds contacts between two programs of this machine against what they did: one edge, and nothing beside it. */

/** @typedef {{ program: string, peer: string, sent: number, received: number }} ExpectedEdge programs by their labels */

const BYTES_TOLERANCE = 0.02;

/** @param {number} said @param {number} truth */
const isNear = (said, truth) => Math.abs(said - truth) <= truth * BYTES_TOLERANCE;

/**
 * @param {readonly Record<string, any>[] | string} contacts of the report, or why there is none
 * @param {readonly ExpectedEdge[]} expected
 * @returns {string} what is wrong, or ""
 */
export function judgeEdges(contacts, expected) {
  for (const { program, peer, sent, received } of expected) {
    if (typeof contacts === "string") return contacts;
    const of = contacts.filter((contact) => [program, peer].includes(contact.program.label));
    const [only] = of;
    if (only === undefined || of.length > 1) return `${of.length} contacts of ${program} and ${peer}, not one`;
    const is = `${only.program.label} -> ${only.peer?.label ?? only.destination.addresses[0]}`;
    if (is !== `${program} -> ${peer}`) return `the contact is ${is}, not ${program} -> ${peer}`;
    if (!isNear(only.bytesSent, sent) || !isNear(only.bytesReceived, received))
      return `${is}: ${only.bytesSent} sent, ${only.bytesReceived} received`;
  }
  return "";
}
