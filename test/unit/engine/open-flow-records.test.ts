import { expect, it } from "vitest";
import { HEADER, RECORD_TYPE } from "../../../src/core/event/layout.ts";
import { OpenFlowRecords } from "../../../src/engine/open-flow-records.ts";
import { flowBytesRecord, flowOpenRecord, flowOwnerRecord, flowStateRecord } from "../support/encode-records.ts";

const ends = { cookie: 7, remote: "198.51.100.7", remotePort: 443 };
const opened = flowOpenRecord({ timeNs: 1, owner: { pid: 5 }, origin: "connect", ...ends });
const established = flowStateRecord({ timeNs: 2, newState: 1, ...ends });
const passedOn = (timeNs: number, pid: number) => flowOwnerRecord({ timeNs, owner: { pid }, ...ends });

function follow(...records: readonly Uint8Array[]): OpenFlowRecords {
  const kept = new OpenFlowRecords();
  for (const record of records) {
    kept.follow(new DataView(record.buffer, record.byteOffset, record.byteLength), record);
  }
  return kept;
}

const typesOf = (kept: OpenFlowRecords): readonly (number | undefined)[] =>
  kept.records().map((record) => record[HEADER.type]);

it("keeps who opened a flow, that it was answered, and who uses it now", () => {
  const kept = follow(opened, passedOn(2, 6), established, passedOn(3, 8));
  expect(typesOf(kept)).toEqual([RECORD_TYPE.flowOpen, RECORD_TYPE.flowOwner, RECORD_TYPE.flowState]);
  expect(kept.records()[1]).toEqual(passedOn(3, 8));
});

it("keeps nothing of users of flows it does not know", () => {
  expect(follow(passedOn(2, 6)).records()).toEqual([]);
});

it("forgets a flow with its end", () => {
  const end = flowBytesRecord({ timeNs: 4, isFinal: true, run: 1, ...ends });
  expect(follow(opened, passedOn(2, 6), end).records()).toEqual([]);
});
