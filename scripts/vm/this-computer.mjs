import { findProgram } from "../setup/run.mjs";

/** @typedef {import("./boot.mjs").Computer} Computer */

/** @returns {Computer} */
export const thisComputer = () => ({
  machine: "amd64",
  busybox: findProgram("busybox") ?? "/bin/busybox",
  node: process.execPath,
  shares: [{ tag: "root", hostDir: "/", path: "/" }],
});
