// @ts-check
/** Holds a report made with reverse lookups against the names the addresses' operator gave them. */

/** @typedef {{ exe: string, address: string, name: string }} ExpectedContact */

/**
 * @param {readonly Record<string, any>[] | string} contacts of the report, or why there is none
 * @param {readonly ExpectedContact[]} expected
 * @returns {string} what is wrong, or ""
 */
export function judgeReversed(contacts, expected) {
  for (const { exe, address, name } of expected) {
    if (typeof contacts === "string") return contacts;
    const said = contacts.find(
      ({ program, destination }) => program.exe === exe && destination.addresses.includes(address),
    );
    const is = `${said?.destination.name} by ${said?.nameSource}`;
    if (is !== `${name} by reverse-dns`) return `with reverse lookups ${address} is ${is}, not ${name}`;
  }
  return "";
}
