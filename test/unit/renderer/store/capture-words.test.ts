import { describe, expect, it } from "vitest";
import { FAILURE_CODES } from "../../../../src/contract/helper-protocol.ts";
import type { CaptureProblem, CaptureState } from "../../../../src/contract/ipc-schema.ts";
import {
  bannerWords,
  captureWords,
  coverageWords,
  modeLabel,
  problemWords,
} from "../../../../src/renderer/store/capture-words.ts";
import { status } from "../made.ts";

const CODES = ["refused", "no-agent", "helper-lost", "not-built", ...FAILURE_CODES] as const;
const problemOf = (code: string, detail = "bpf: -1"): CaptureProblem => ({ code, detail }) as CaptureProblem;

const FEATURE = { id: "payload", isAttached: true, reason: null, unseen: "names" };

describe("problemWords", () => {
  it.each(CODES)("says in words and with a next step what is wrong for %s", (code) => {
    const words = problemWords(problemOf(code));
    expect(words.title.length).toBeGreaterThan(10);
    expect(words.text.length).toBeGreaterThan(40);
    expect(words.steps).toContain("start");
    expect(words.startLabel).not.toBe("");
  });

  it("never lets a control character of the system's message through", () => {
    expect(problemWords(problemOf("internal", "\u001b[31mred\u202e")).detail).toBe("\\x1b[31mred\\u202e");
  });
});

describe("captureWords", () => {
  it("offers the demo on the first run and while nothing was seen yet", () => {
    expect(captureWords({ mode: "idle" }).steps).toEqual(["start", "demo", "open"]);
    expect(captureWords({ mode: "live", recordingFile: null }).steps).toEqual(["demo"]);
  });

  it("offers nothing to press while the system's dialog waits", () => {
    const words = captureWords({ mode: "waiting-for-permission" });
    expect([words.isBusy, words.steps]).toEqual([true, []]);
  });
});

describe("bannerWords", () => {
  const missing = { ...status().coverage, features: [{ ...FEATURE, isAttached: false }] };

  it("is silent when all is well", () => {
    expect(bannerWords(status())).toBeNull();
  });

  it("says what is not seen when a part is missing", () => {
    expect(bannerWords(status({ coverage: missing }))).toMatchObject({ tone: "degraded", text: "Names." });
  });

  it("says what was not seen in a recording that was made with a part missing", () => {
    const capture: CaptureState = { mode: "replaying", file: "/tmp/a.rec", isDemo: false, isFinished: true };
    expect(bannerWords(status({ capture, coverage: missing }))).toMatchObject({ title: "Some things were not seen" });
  });

  it("says that a replayed recording is damaged, why, and that the rest is shown", () => {
    const capture: CaptureState = { mode: "replaying", file: "/tmp/a.rec", isDemo: false, isFinished: true };
    const damage = {
      id: "recording",
      isAttached: false,
      reason: "it ends in the middle of a record",
      unseen: "the rest",
    };
    const coverage = { ...status().coverage, features: [FEATURE, damage] };
    expect(bannerWords(status({ capture, coverage }))).toEqual({
      tone: "problem",
      title: "This recording is damaged",
      text: "It could not be read to its end: it ends in the middle of a record. What came before that place is shown.",
      startLabel: null,
    });
  });

  it("lets a problem come before a gap: there is one banner", () => {
    const capture: CaptureState = { mode: "problem", problem: problemOf("helper-lost") };
    expect(bannerWords(status({ capture, coverage: missing }))).toMatchObject({
      tone: "problem",
      startLabel: "Watch again",
    });
  });
});

describe("the status line", () => {
  it("counts what is not seen", () => {
    const features = [FEATURE, { ...FEATURE, id: "a", isAttached: false }, { ...FEATURE, id: "b", isAttached: false }];
    expect(coverageWords(status({ coverage: { ...status().coverage, features } }))).toBe("2 things not seen");
    expect(coverageWords(status({ coverage: { ...status().coverage, features: [FEATURE] } }))).toBe(
      "Seeing all TCP and UDP",
    );
  });

  it("names a replayed file without its folder, safe to show", () => {
    const replay: CaptureState = { mode: "replaying", file: "/tmp/a\u202eb.rec", isDemo: false, isFinished: false };
    expect(modeLabel(replay)).toBe("Replaying a\\u202eb.rec");
    expect(modeLabel({ ...replay, isDemo: true, isFinished: true })).toBe("Demo, played to the end");
  });
});
