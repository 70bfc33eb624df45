// @ts-check
/**
 * One kernel, set up differently: what must still work, and in which words a
 * user is told what does not. The words are written out here, so that a change
 * of theirs is noticed.
 */

/** @typedef {import("./guest.mjs").Answer} Answer */
/** @typedef {import("./guest.mjs").Check} Check */
/**
 * @typedef {object} Variant
 * @property {string} name as init.sh knows it
 * @property {string} title
 * @property {readonly string[]} parameters of the kernel's command line
 * @property {(state: import("./guest.mjs").State) => boolean} isSet whether the machine really is so
 * @property {{ exitCode: number, words: readonly string[] }} watch
 * @property {{ exitCode: number, words: readonly string[] }} doctor
 * @property {boolean} captures whether the probe's checks must pass
 */

const CAPTURES = {
  captures: true,
  watch: { exitCode: 0, words: ["live"] },
  doctor: { exitCode: 0, words: ["Telltale can capture here."] },
};
const MOUNT_IT = "mkdir -p /run/cgroup2 && mount -t cgroup2 none /run/cgroup2";
const CANNOT = "Telltale cannot capture here yet.";

/** @param {string} mounts @param {string} type */
const has = (mounts, type) => mounts.split("\n").some((line) => line.split(" ")[2] === type);

/** @type {readonly Variant[]} */
export const VARIANTS = [
  {
    name: "no-btf",
    title: "no type information (BTF)",
    parameters: [],
    isSet: ({ btf }) => !btf,
    captures: false,
    watch: { exitCode: 4, words: ["This kernel has no type information (BTF).", "CONFIG_DEBUG_INFO_BTF=y"] },
    doctor: { exitCode: 4, words: ["MISSING  kernel type information (BTF)", CANNOT] },
  },
  {
    name: "lockdown",
    title: "lockdown=integrity",
    parameters: ["lockdown=integrity"],
    isSet: ({ lockdown }) => lockdown.includes("[integrity]"),
    ...CAPTURES,
  },
  {
    name: "cgroup-v1",
    title: "cgroup v1 only",
    parameters: [],
    isSet: ({ mounts }) => has(mounts, "cgroup") && !has(mounts, "cgroup2"),
    captures: false,
    watch: { exitCode: 4, words: ["No cgroup v2 hierarchy is mounted.", MOUNT_IT] },
    doctor: { exitCode: 4, words: ["MISSING  cgroup v2 hierarchy", MOUNT_IT, CANNOT] },
  },
  {
    name: "cgroup-v1-mended",
    title: "cgroup v1 only, after doing what Telltale says",
    parameters: [],
    isSet: ({ mounts }) => has(mounts, "cgroup") && mounts.includes(" /run/cgroup2 cgroup2 "),
    ...CAPTURES,
    doctor: { exitCode: 0, words: ["cgroup v2 hierarchy: mounted at /run/cgroup2"] },
  },
  {
    name: "hybrid-cgroups",
    title: "hybrid cgroups (v2 at unified)",
    parameters: [],
    isSet: ({ mounts }) => has(mounts, "cgroup") && mounts.includes(" /sys/fs/cgroup/unified cgroup2 "),
    ...CAPTURES,
    doctor: { exitCode: 0, words: ["cgroup v2 hierarchy: mounted at /sys/fs/cgroup/unified"] },
  },
  {
    name: "no-unprivileged-bpf",
    title: "kernel.unprivileged_bpf_disabled=2",
    parameters: [],
    isSet: ({ unprivilegedBpf }) => unprivilegedBpf === "2",
    ...CAPTURES,
  },
  {
    name: "no-tracefs",
    title: "no tracefs",
    parameters: [],
    isSet: ({ mounts }) => !has(mounts, "tracefs"),
    ...CAPTURES,
    doctor: { exitCode: 0, words: ["absent   tracefs: not mounted", "Telltale can capture here."] },
  },
];

/** @param {string} what @param {import("./guest.mjs").Said | undefined} said @param {Variant["watch"]} expected @returns {Check} */
function judgeSaid(what, said, { exitCode, words }) {
  const title = `\`telltale ${what}\` ends with ${exitCode} and says: ${words.join(" … ")}`;
  if (said === undefined) return { title, passed: false, detail: "it was not asked" };
  const lacking = words.filter((word) => !said.text.includes(word));
  const passed = said.exitCode === exitCode && lacking.length === 0;
  const detail = passed
    ? null
    : `ended with ${said.exitCode}, lacks ${JSON.stringify(lacking)}: ${said.text.slice(-500)}`;
  return { title, passed, detail };
}

/** @param {Variant} variant @param {Answer} answer @returns {Check[]} */
export function judgeVariant({ captures, isSet, watch, doctor }, answer) {
  const set = { title: "the machine is set up as meant", passed: answer.state !== undefined && isSet(answer.state) };
  const told = [
    { ...set, detail: set.passed ? null : JSON.stringify(answer.state) },
    judgeSaid("watch", answer.watch, watch),
    judgeSaid("doctor", answer.doctor, doctor),
  ];
  if (!captures) return told;
  const { checks = [], features = [], error } = answer.probe ?? {};
  const refused = features.filter(({ isAttached }) => !isAttached).map(({ id, reason }) => `${id}: ${reason}`);
  const isAllAttached = features.length > 0 && refused.length === 0;
  const all = {
    title: "all programs are attached",
    passed: isAllAttached,
    detail: refused.join("; ") || error || null,
  };
  return [...told, all, ...checks];
}

/** The first line a user reads, for the table. @param {Answer} answer */
export function firstWords(answer) {
  const [line = ""] = (answer.watch?.text ?? "").split("\n").filter((text) => text !== "live");
  return line.trim();
}
