/**
 * Byte offsets of bpf/event.h. test/unit/core/event/layout.test.ts compiles
 * the header and compares every field, so a change there fails here first.
 * Keys are the C names in camel case; `bytes` is sizeof.
 */
export const EVENT_ABI_VERSION = 1;

export const HEADER = { timeNs: 0, size: 8, type: 12, reserved: 14, bytes: 16 } as const;

export const ENDPOINTS = {
  localAddress: 0,
  remoteAddress: 16,
  localPort: 32,
  remotePort: 34,
  family: 36,
  protocol: 38,
  bytes: 40,
} as const;

export const OWNER = { startNs: 0, cgroupId: 8, pid: 16, uid: 20, comm: 24, bytes: 40 } as const;

export const FLOW_OPEN = {
  header: 0,
  cookie: 16,
  netns: 24,
  owner: 32,
  endpoints: 72,
  origin: 112,
  tcpState: 116,
  direction: 118,
  reserved: 119,
  bytes: 120,
} as const;

export const FLOW_STATE = {
  header: 0,
  cookie: 16,
  bytesSent: 24,
  bytesReceived: 32,
  endpoints: 40,
  srttUs: 80,
  retransmits: 84,
  error: 88,
  oldState: 92,
  newState: 94,
  bytes: 96,
} as const;

export const FLOW_BYTES = {
  header: 0,
  cookie: 16,
  bytesSent: 24,
  bytesReceived: 32,
  packetsSent: 40,
  packetsReceived: 44,
  endpoints: 48,
  flags: 88,
  run: 92,
  bytes: 96,
} as const;

export const FLOW_OWNER = {
  header: 0,
  cookie: 16,
  netns: 24,
  owner: 32,
  endpoints: 72,
  wasUsed: 112,
  reserved: 116,
  bytes: 120,
} as const;

export const PAYLOAD = {
  header: 0,
  cookie: 16,
  owner: 24,
  endpoints: 64,
  streamOffset: 104,
  originalLength: 108,
  dataLength: 112,
  kind: 114,
  direction: 115,
  reserved: 116,
  data: 120,
  bytes: 120,
} as const;

export const PROCESS = {
  header: 0,
  startNs: 16,
  parentStartNs: 24,
  cgroupId: 32,
  pid: 40,
  parentPid: 44,
  uid: 48,
  flags: 52,
  comm: 56,
  exeLength: 72,
  filenameLength: 74,
  argvLength: 76,
  reserved: 78,
  exe: 80,
  filename: 592,
  argv: 848,
  bytes: 1872,
} as const;

export const FORK = {
  header: 0,
  parentStartNs: 16,
  childStartNs: 24,
  parentPid: 32,
  childPid: 36,
  bytes: 40,
} as const;

export const EXIT = { header: 0, startNs: 16, pid: 24, exitCode: 28, bytes: 32 } as const;

export const CGROUP = { header: 0, id: 16, pathLength: 24, reserved: 28, path: 32, bytes: 288 } as const;

export const LOOKUP = {
  header: 0,
  owner: 16,
  askedNs: 56,
  result: 64,
  call: 68,
  nameLength: 70,
  addressCount: 72,
  flags: 74,
  reserved: 76,
  name: 80,
  addresses: 336,
  families: 592,
  bytes: 624,
} as const;

/** TT_LOOKUP_NAME_LEN, TT_LOOKUP_ADDRESSES, TT_COMM_LEN, TT_EXE_LEN, TT_FILENAME_LEN, TT_ARGV_LEN, TT_CGROUP_PATH_LEN, TT_PAYLOAD_MAX. */
export const LIMITS = {
  lookupNameLen: 256,
  lookupAddresses: 16,
  commLen: 16,
  exeLen: 512,
  filenameLen: 256,
  argvLen: 1024,
  cgroupPathLen: 256,
  payloadMax: 2048,
} as const;

export const RECORD_TYPE = {
  flowOpen: 1,
  flowState: 2,
  flowBytes: 3,
  payload: 4,
  process: 5,
  fork: 6,
  exit: 7,
  cgroup: 8,
  lookup: 9,
  flowOwner: 10,
} as const;

/** Bits of an endpoint pair's protocol number. */
export const PROTOCOL_FLAG = { raw: 0x1000, packet: 0x2000 } as const;

/** Added to the EtherType of a frame that is not IP, so that one number tells what an endpoint pair speaks. */
export const FRAME_PROTOCOL = 0x10000;

/** AF_* of an endpoint pair. */
export const FAMILY = { inet: 2, inet6: 10, packet: 17 } as const;

export const BYTES_FLAG_FINAL = 1;

export const PROCESS_FLAG = {
  exec: 1,
  snapshot: 2,
  exeCut: 4,
  argvCut: 8,
  filenameCut: 16,
  exeDeleted: 32,
} as const;

export const LOOKUP_FLAG = { nameCut: 1, addressesCut: 2 } as const;
