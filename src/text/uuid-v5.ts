/**
 * A UUID from a name: the same name, the same id (RFC 9562, 5.5). SHA-1 is what that standard takes; it is
 * written out here as this folder has no other way to it, and holds for names only, not for evidence.
 */
export function uuidV5(namespace: string, name: string): string {
  const space = namespace.replaceAll('-', '');
  const named = new TextEncoder().encode(name);
  const message = new Uint8Array(16 + named.length);
  for (let at = 0; at < 16; at += 1) message[at] = Number.parseInt(space.slice(at * 2, at * 2 + 2), 16);
  message.set(named, 16);
  const digest = sha1(message);
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x50;
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80;
  let hex = '';
  for (const byte of digest.subarray(0, 16)) hex += (0x100 + byte).toString(16).slice(1);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** RFC 3174. */
function sha1(message: Uint8Array): Uint8Array {
  const padded = new Uint8Array(Math.ceil((message.length + 9) / 64) * 64);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(message.length) * 8n);
  const state = Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
  const words = new Uint32Array(80);
  for (let offset = 0; offset < padded.length; offset += 64) addBlock(state, words, view, offset);
  const out = new DataView(new ArrayBuffer(20));
  for (const [index, word] of state.entries()) out.setUint32(index * 4, word);
  return new Uint8Array(out.buffer);
}

/** `words` is overwritten. */
function addBlock(state: Uint32Array, words: Uint32Array, view: DataView, offset: number): void {
  const word = (index: number) => words[index] ?? 0;
  for (let t = 0; t < 16; t += 1) words[t] = view.getUint32(offset + t * 4);
  for (let t = 16; t < 80; t += 1)
    words[t] = turned(word(t - 3) ^ word(t - 8) ^ word(t - 14) ^ word(t - 16), 1);
  let [a = 0, b = 0, c = 0, d = 0, e = 0] = state;
  for (let t = 0; t < 80; t += 1) {
    const next =
      (turned(a, 5) + mixed(t, b, c, d) + e + (CONSTANTS[Math.floor(t / 20)] ?? 0) + word(t)) >>> 0;
    e = d;
    d = c;
    c = turned(b, 30);
    b = a;
    a = next;
  }
  for (const [index, value] of [a, b, c, d, e].entries()) state[index] = (state[index] ?? 0) + value;
}

const CONSTANTS = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6];

function mixed(t: number, b: number, c: number, d: number): number {
  if (t < 20) return (b & c) | (~b & d);
  if (t < 40 || t >= 60) return b ^ c ^ d;
  return (b & c) | (b & d) | (c & d);
}

function turned(word: number, bits: number): number {
  return ((word << bits) | (word >>> (32 - bits))) >>> 0;
}
