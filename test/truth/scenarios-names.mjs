// @ts-check
/** Scenarios of names: the right one, known the right way, for the right program. */
import { answerScenarios } from "./names/answers.mjs";
import { bySocketScenarios } from "./names/by-socket.mjs";
import { echScenarios } from "./names/ech.mjs";
import { encryptedDnsScenarios } from "./names/encrypted-dns.mjs";
import { failureScenarios } from "./names/failures.mjs";
import { inheritanceScenarios } from "./names/inheritance.mjs";
import { internationalScenarios } from "./names/international.mjs";
import { libcScenarios } from "./names/libc.mjs";
import { localNetworkScenarios } from "./names/local-network.mjs";
import { olderScenarios } from "./names/older.mjs";
import { proxyScenarios } from "./names/proxy.mjs";
import { quicScenarios } from "./names/quic.mjs";
import { resolverScenarios } from "./names/resolvers.mjs";
import { serverNameScenarios } from "./names/server-names.mjs";

/** @param {{ id: string }} scenario @returns {number} */
const order = ({ id }) => Number(/\d+/.exec(id)?.[0]);

/** In the order of the project's list. @type {readonly import("./scenario.mjs").Scenario[]} */
export const nameScenarios = [
  ...answerScenarios,
  ...inheritanceScenarios,
  ...libcScenarios,
  ...bySocketScenarios,
  ...resolverScenarios,
  ...proxyScenarios,
  ...quicScenarios,
  ...echScenarios,
  ...encryptedDnsScenarios,
  ...olderScenarios,
  ...failureScenarios,
  ...localNetworkScenarios,
  ...internationalScenarios,
  ...serverNameScenarios,
].sort((one, other) => order(one) - order(other) || one.id.localeCompare(other.id));
