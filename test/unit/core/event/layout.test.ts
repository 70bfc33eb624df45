import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import * as layout from "../../../../src/core/event/layout.ts";

const headerPath = fileURLToPath(new URL("../../../../bpf/event.h", import.meta.url));
const header = readFileSync(headerPath, "utf8");
const workDir = mkdtempSync(join(tmpdir(), "telltale-layout-"));
afterAll(() => rmSync(workDir, { recursive: true }));

const STRUCTS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  tt_header: layout.HEADER,
  tt_endpoints: layout.ENDPOINTS,
  tt_owner: layout.OWNER,
  tt_flow_open: layout.FLOW_OPEN,
  tt_flow_state: layout.FLOW_STATE,
  tt_flow_bytes: layout.FLOW_BYTES,
  tt_flow_owner: layout.FLOW_OWNER,
  tt_payload: layout.PAYLOAD,
  tt_process: layout.PROCESS,
  tt_fork: layout.FORK,
  tt_exit: layout.EXIT,
  tt_cgroup: layout.CGROUP,
  tt_lookup: layout.LOOKUP,
};

/** Constants of the header by the names we gave them. */
const CONSTANTS: Readonly<Record<string, number>> = {
  TT_ABI_VERSION: layout.EVENT_ABI_VERSION,
  TT_COMM_LEN: layout.LIMITS.commLen,
  TT_EXE_LEN: layout.LIMITS.exeLen,
  TT_FILENAME_LEN: layout.LIMITS.filenameLen,
  TT_ARGV_LEN: layout.LIMITS.argvLen,
  TT_CGROUP_PATH_LEN: layout.LIMITS.cgroupPathLen,
  TT_LOOKUP_NAME_LEN: layout.LIMITS.lookupNameLen,
  TT_LOOKUP_ADDRESSES: layout.LIMITS.lookupAddresses,
  TT_PAYLOAD_MAX: layout.LIMITS.payloadMax,
  TT_FLOW_OPEN: layout.RECORD_TYPE.flowOpen,
  TT_FLOW_STATE: layout.RECORD_TYPE.flowState,
  TT_FLOW_BYTES: layout.RECORD_TYPE.flowBytes,
  TT_PAYLOAD: layout.RECORD_TYPE.payload,
  TT_PROCESS: layout.RECORD_TYPE.process,
  TT_FORK: layout.RECORD_TYPE.fork,
  TT_EXIT: layout.RECORD_TYPE.exit,
  TT_CGROUP: layout.RECORD_TYPE.cgroup,
  TT_LOOKUP: layout.RECORD_TYPE.lookup,
  TT_FLOW_OWNER: layout.RECORD_TYPE.flowOwner,
  TT_PROTOCOL_RAW: layout.PROTOCOL_FLAG.raw,
  TT_PROTOCOL_PACKET: layout.PROTOCOL_FLAG.packet,
  TT_LOOKUP_NAME_CUT: layout.LOOKUP_FLAG.nameCut,
  TT_LOOKUP_ADDRESSES_CUT: layout.LOOKUP_FLAG.addressesCut,
  TT_CALL_GETADDRINFO: 1,
  TT_CALL_GETHOSTBYNAME: 2,
  TT_RECORD_TYPES: Object.keys(layout.RECORD_TYPE).length + 1,
  TT_BYTES_FINAL: layout.BYTES_FLAG_FINAL,
  TT_PROCESS_EXEC: layout.PROCESS_FLAG.exec,
  TT_PROCESS_SNAPSHOT: layout.PROCESS_FLAG.snapshot,
  TT_PROCESS_EXE_CUT: layout.PROCESS_FLAG.exeCut,
  TT_PROCESS_ARGV_CUT: layout.PROCESS_FLAG.argvCut,
  TT_PROCESS_FILENAME_CUT: layout.PROCESS_FLAG.filenameCut,
  TT_PROCESS_EXE_DELETED: layout.PROCESS_FLAG.exeDeleted,
  TT_ORIGIN_CONNECT: 1,
  TT_ORIGIN_SEND: 2,
  TT_ORIGIN_ACCEPT: 3,
  TT_ORIGIN_PACKET: 4,
  TT_ORIGIN_EXISTING: 5,
  TT_PAYLOAD_DNS_DATAGRAM: 1,
  TT_PAYLOAD_DNS_STREAM: 2,
  TT_PAYLOAD_STREAM_START: 3,
  TT_PAYLOAD_DATAGRAM: 4,
  TT_PAYLOAD_STREAM_UPGRADE: 5,
  TT_OUT: 0,
  TT_IN: 1,
};

const camelCase = (name: string): string => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** Field names of one struct, from the text of the header. */
function fieldsOf(struct: string): string[] {
  const body = new RegExp(`struct ${struct} \\{([^}]*)\\}`).exec(header)?.[1];
  if (body === undefined) throw new Error(`${struct} is not in event.h`);
  const withoutComments = body.replaceAll(/\/\*[\s\S]*?\*\//g, "");
  return [...withoutComments.matchAll(/(\w+)(?:\[\w*\])*;/g)].map((match) => match[1] ?? "");
}

/** What the compiler says: `struct.field` and constants -> number. */
function askCompiler(): Readonly<Record<string, number>> {
  const lines = Object.keys(STRUCTS).flatMap((struct) => [
    `printf("${struct}.bytes %zu\\n", sizeof(struct ${struct}));`,
    ...fieldsOf(struct).map((field) => `printf("${struct}.${field} %zu\\n", offsetof(struct ${struct}, ${field}));`),
  ]);
  const constants = Object.keys(CONSTANTS).map((name) => `printf("${name} %d\\n", (int)${name});`);
  const source = `#include <stdio.h>\n#include "${headerPath}"\nint main(void) {\n${[...lines, ...constants].join("\n")}\nreturn 0;\n}\n`;
  writeFileSync(join(workDir, "layout.c"), source);
  execFileSync("cc", ["-o", join(workDir, "layout"), join(workDir, "layout.c")]);
  const output = execFileSync(join(workDir, "layout"), { encoding: "utf8" });
  return Object.fromEntries(
    output
      .trim()
      .split("\n")
      .map((line) => {
        const [name = "", value = ""] = line.split(" ");
        return [name, Number(value)];
      }),
  );
}

const compiled = askCompiler();

test.each(Object.entries(STRUCTS))("%s has the same fields, offsets and size as in C", (struct, table) => {
  const fromC = Object.fromEntries(
    [...fieldsOf(struct), "bytes"].map((field) => [camelCase(field), compiled[`${struct}.${field}`]]),
  );
  expect(table).toEqual(fromC);
});

test("every struct of a record in event.h has a table here", () => {
  const inHeader = [...header.matchAll(/^struct (tt_\w+) \{/gm)].map((match) => match[1]);
  // tt_counter is shared memory between kernel and helper; it does not cross to us.
  expect(inHeader.filter((name) => name !== "tt_counter").sort()).toEqual(Object.keys(STRUCTS).sort());
});

test("numbers and limits are those of event.h", () => {
  expect(Object.fromEntries(Object.keys(CONSTANTS).map((name) => [name, compiled[name]]))).toEqual(CONSTANTS);
});
