/**
 * Letters of other scripts that are drawn like Latin letters or like digits. A
 * label of nothing else reads as a Latin name though it is none ("аррӏе" in
 * Cyrillic), so it is shown as ASCII except where its script is at home. The
 * sets follow Chromium's (components/url_formatter/spoof_checks/idn_spoof_checker.cc).
 */

interface LookAlikes {
  /** The label without digits and hyphens is made of these alone. */
  readonly letters: RegExp;
  /** Top-level domains of places that write in this script. */
  readonly homes: ReadonlySet<string>;
  /** A top-level domain in the script itself is a home too. */
  readonly script: RegExp;
}

const SCRIPTS: readonly LookAlikes[] = [
  {
    letters: /^[аысеԁԍһіюјӏорԗԛѕԝхуүұъьҽпгѵѡ]+$/u,
    homes: new Set(["bg", "by", "kz", "ru", "su", "ua", "uz"]),
    script: /\p{sc=Cyrillic}/u,
  },
  { letters: /^[αικνρυωηοτγε]+$/u, homes: new Set(["gr"]), script: /\p{sc=Greek}/u },
  { letters: /^[աագզէլհյոսւօքցԛ]+$/u, homes: new Set(["am"]), script: /\p{sc=Armenian}/u },
  { letters: /^[იოყძხჽჿ]+$/u, homes: new Set(["ge"]), script: /\p{sc=Georgian}/u },
  { letters: /^[ሀሠሰስበነዐዕዘጠፐꬅ]+$/u, homes: new Set(["er", "et"]), script: /\p{sc=Ethiopic}/u },
  { letters: /^[דוחיןסװײ]+$/u, homes: new Set(["il"]), script: /\p{sc=Hebrew}/u },
  { letters: /^[ခဂငထပဝ၀ၐၑ]+$/u, homes: new Set(["mm"]), script: /\p{sc=Myanmar}/u },
  { letters: /^[ทนบพรหเแ๐ดลปฟม]+$/u, homes: new Set(["th"]), script: /\p{sc=Thai}/u },
  { letters: /^[டப௦]+$/u, homes: new Set(["in", "lk", "sg"]), script: /\p{sc=Tamil}/u },
  { letters: /^[ටධ]+$/u, homes: new Set(["lk"]), script: /\p{sc=Sinhala}/u },
  { letters: /^[ഠഡധനറ]+$/u, homes: new Set(["in"]), script: /\p{sc=Malayalam}/u },
];

/** Digits of any script, and letters drawn like ASCII digits. */
const LIKE_DIGITS = /^[\p{Nd}\-θ२২੨૨೩೭շзҙӡउও੩૩౩ဒვპੜკ੫丩ㄐճ৪੪୫૭୨౨]+$/u;

/** `label` and `topLevel` decoded. */
export function isWholeLookAlike(label: string, topLevel: string): boolean {
  if (LIKE_DIGITS.test(label)) return true;
  const letters = label.replace(/[\p{Nd}-]/gu, "");
  return SCRIPTS.some(
    ({ letters: lookAlikes, homes, script }) =>
      lookAlikes.test(letters) && !homes.has(topLevel) && !script.test(topLevel),
  );
}
