/**
 * DNS messages read once more, as plainly as RFC 1035 section 4 says it, for
 * messages that the parser under test accepted: what both read must be equal.
 */
interface Reader {
  readonly view: DataView;
  at: number;
}

const POINTER = 0xc0;
const MAX_JUMPS = 200;

function labelText(view: DataView, start: number, length: number): string {
  let text = "";
  for (let index = start; index < start + length; index += 1) {
    const byte = view.getUint8(index);
    const character = String.fromCharCode(byte).toLowerCase();
    text += byte < 128 && /[a-z0-9_-]/.test(character) ? character : `\\${`00${byte}`.slice(-3)}`;
  }
  return text;
}

function readName(reader: Reader): string {
  const labels: string[] = [];
  let at = reader.at;
  let end = -1;
  for (let jumps = 0; jumps < MAX_JUMPS; ) {
    const length = reader.view.getUint8(at);
    if (length >= POINTER) {
      if (end < 0) end = at + 2;
      at = reader.view.getUint16(at) & 0x3fff;
      jumps += 1;
    } else if (length === 0) {
      reader.at = end < 0 ? at + 1 : end;
      return labels.length === 0 ? "." : labels.join(".");
    } else {
      labels.push(labelText(reader.view, at + 1, length));
      at += 1 + length;
    }
  }
  return "a loop";
}

export interface ReferenceRecord {
  readonly name: string;
  readonly type: number;
  readonly isInternet: boolean;
  /** An alias's target; else null. */
  readonly target: string | null;
  readonly data: Uint8Array;
}

export interface ReferenceMessage {
  readonly questions: readonly { readonly name: string; readonly type: number }[];
  readonly answers: readonly ReferenceRecord[];
}

const CNAME = 5;
const PTR = 12;

function readRecord(reader: Reader): ReferenceRecord {
  const { view } = reader;
  const name = readName(reader);
  const type = view.getUint16(reader.at);
  const recordClass = view.getUint16(reader.at + 2) & 0x7fff;
  const length = view.getUint16(reader.at + 8);
  const start = reader.at + 10;
  const isInternet = recordClass === 1;
  const isAlias = isInternet && (type === CNAME || type === PTR);
  const target = isAlias ? readName({ view, at: start }) : null;
  reader.at = start + length;
  const data = new Uint8Array(view.buffer, view.byteOffset + start, length);
  return { name, type, isInternet, target, data };
}

/** `answers`: as many as were read; a cut message may end inside one. */
export function readReference(bytes: Uint8Array): ReferenceMessage {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const reader: Reader = { view, at: 12 };
  const questions = Array.from({ length: view.getUint16(4) }, () => {
    const name = readName(reader);
    reader.at += 4;
    return { name, type: view.getUint16(reader.at - 4) };
  });
  const answers = Array.from({ length: Math.min(4096, view.getUint16(6)) }, () => readRecord(reader));
  return { questions, answers };
}
