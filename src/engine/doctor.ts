/**
 * What this machine allows and what is missing for Telltale: each check says
 * what it found, what is unseen without it, and the command that brings it.
 * Looks only; loads nothing into the kernel.
 */

import { checkBtf, checkCapabilities, checkCgroup2, checkKernel, checkTracefs, checkUprobes } from "./doctor-kernel.ts";
import {
  checkAddon,
  checkDisplay,
  checkElectron,
  checkElevation,
  checkHelper,
  checkLibcWatch,
  checkObject,
} from "./doctor-parts.ts";
import type { DoctorReport } from "./doctor-report.ts";
import type { AppPaths } from "./find-paths.ts";

export async function examineSystem(paths: AppPaths): Promise<DoctorReport> {
  const checks = await Promise.all([
    checkKernel(),
    checkBtf(),
    checkCgroup2(),
    checkTracefs(),
    checkUprobes(),
    checkCapabilities(),
    checkAddon(paths),
    checkObject(paths),
    checkHelper(paths),
    checkLibcWatch(paths),
    checkElevation(),
    checkDisplay(),
    checkElectron(paths),
  ]);
  return {
    schemaVersion: 1,
    canCapture: checks.every((check) => check.isOk || !check.isRequired),
    checks,
    probe: null,
  };
}
