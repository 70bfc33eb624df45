/** Packets of our own making as a capture file, for tshark to read. Raw IPv4, made-up addresses, no checksums. */

export interface Packet {
  readonly transport: "udp" | "tcp";
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** TCP only: of data[0] in its direction. */
  readonly streamOffset?: number;
  readonly data: Uint8Array;
}

const LINKTYPE_RAW = 101;
const CLIENT = [192, 0, 2, 10] as const;
const SERVER = [198, 51, 100, 20] as const;
const PROTOCOL = { tcp: 6, udp: 17 } as const;
/** An IPv4 packet's length field has 16 bits. */
const MAX_DATA_BYTES = 65_000;
const ISN = 1000;

const uint16 = (value: number): number[] => [(value >> 8) & 0xff, value & 0xff];
const uint32 = (value: number): number[] => [...uint16(value >>> 16), ...uint16(value & 0xffff)];
const uint32le = (value: number): number[] => uint32(value).reverse();
const uint16le = (value: number): number[] => uint16(value).reverse();

function transportHeader({ transport, sourcePort, destinationPort, streamOffset = 0, data }: Packet): number[] {
  const ports = [...uint16(sourcePort), ...uint16(destinationPort)];
  if (transport === "udp") return [...ports, ...uint16(8 + data.length), 0, 0];
  // Sequence and acknowledgement numbers, 20 bytes of header, PSH and ACK, window, no checksum.
  return [...ports, ...uint32(ISN + streamOffset), ...uint32(1), 0x50, 0x18, ...uint16(65_535), 0, 0, 0, 0];
}

function ipv4Packet(packet: Packet): number[] {
  if (packet.data.length > MAX_DATA_BYTES) throw new Error(`${packet.data.length} bytes do not fit an IPv4 packet`);
  const rest = [...transportHeader(packet), ...packet.data];
  const isAnswer = packet.sourcePort < packet.destinationPort;
  const ends = isAnswer ? [...SERVER, ...CLIENT] : [...CLIENT, ...SERVER];
  return [0x45, 0, ...uint16(20 + rest.length), 0, 0, 0, 0, 64, PROTOCOL[packet.transport], 0, 0, ...ends, ...rest];
}

/** A pcap file; packets are a millisecond apart. */
export function encodePcap(packets: readonly Packet[]): Uint8Array {
  const header = [...uint32le(0xa1b2c3d4), ...uint16le(2), ...uint16le(4), ...uint32le(0), ...uint32le(0)];
  const parts = [Uint8Array.from([...header, ...uint32le(262_144), ...uint32le(LINKTYPE_RAW)])];
  for (const [index, packet] of packets.entries()) {
    const bytes = ipv4Packet(packet);
    const time = [...uint32le(1_700_000_000 + Math.floor(index / 1000)), ...uint32le((index % 1000) * 1000)];
    parts.push(Uint8Array.from([...time, ...uint32le(bytes.length), ...uint32le(bytes.length), ...bytes]));
  }
  return new Uint8Array(Buffer.concat(parts));
}
