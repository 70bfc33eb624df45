// @ts-check
/** Scenarios of names: the right one, known the right way, for the right program. */
import { answerScenarios } from "./names/answers.mjs";
import { bySocketScenarios } from "./names/by-socket.mjs";
import { inheritanceScenarios } from "./names/inheritance.mjs";
import { libcScenarios } from "./names/libc.mjs";
import { serverNameScenarios } from "./names/server-names.mjs";

/** @param {{ id: string }} scenario @returns {number} */
const order = ({ id }) => Number(/\d+/.exec(id)?.[0]);

/** In the order of the project's list. @type {readonly import("./scenario.mjs").Scenario[]} */
export const nameScenarios = [
  ...answerScenarios,
  ...inheritanceScenarios,
  ...libcScenarios,
  ...bySocketScenarios,
  ...serverNameScenarios,
].sort((one, other) => order(one) - order(other) || one.id.localeCompare(other.id));
