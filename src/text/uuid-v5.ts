/**
 * A UUID from a name: the same name, the same id (RFC 9562, 5.5). SHA-1 is what that standard takes; it is
 * written out here as this folder has no other way to it, and holds for names only, not for evidence.
 */
export function uuidV5(namespace: string, name: string): string {
  const space = namespace.replaceAll('-', '').match(/../g) ?? [];
  const bytes = [...space.map((pair) => Number.parseInt(pair, 16)), ...new TextEncoder().encode(name)];
  const digest = sha1(Uint8Array.from(bytes)).slice(0, 16);
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x50;
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** RFC 3174. */
function sha1(message: Uint8Array): Uint8Array {
  const padded = new Uint8Array(Math.ceil((message.length + 9) / 64) * 64);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(message.length) * 8n);
  const state = Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
  for (let offset = 0; offset < padded.length; offset += 64) addBlock(state, view, offset);
  const out = new DataView(new ArrayBuffer(20));
  for (const [index, word] of state.entries()) out.setUint32(index * 4, word);
  return new Uint8Array(out.buffer);
}

function addBlock(state: Uint32Array, view: DataView, offset: number): void {
  const words = new Uint32Array(80);
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
  state.set([a, b, c, d, e].map((value, index) => (state[index] ?? 0) + value));
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
