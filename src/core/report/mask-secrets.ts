/**
 * A report is made to be shown to others, and command lines hold passwords.
 * Arguments that name a secret lose its value. This is a courtesy, not a
 * guarantee: a secret without a name cannot be told from any other argument.
 */
const SECRET_NAME = /(pass(word|wd|phrase)?|secret|token|api-?_?key|access-?_?key|auth(orization)?|credentials?)$/i;
const OPTION_WITH_VALUE = /^(-{0,2}[\w.-]+)=(.*)$/s;
const URL_WITH_PASSWORD = /([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s/@]+@/gi;
const HEADER_WITH_SECRET = /^((?:proxy-)?authorization|cookie|x-api-key|x-auth-token)\s*:.*$/is;

const MASK = "••••";

export function maskSecrets(argv: readonly string[]): readonly string[] {
  return argv.map((argument, index) => {
    const before = argv[index - 1];
    if (before?.startsWith("-") && !before.includes("=") && SECRET_NAME.test(before) && !argument.startsWith("-")) {
      return MASK;
    }
    const option = OPTION_WITH_VALUE.exec(argument);
    if (option?.[1] !== undefined && SECRET_NAME.test(option[1])) return `${option[1]}=${MASK}`;
    const header = HEADER_WITH_SECRET.exec(argument);
    if (header?.[1] !== undefined) return `${header[1]}: ${MASK}`;
    return argument.replace(URL_WITH_PASSWORD, `$1:${MASK}@`);
  });
}
