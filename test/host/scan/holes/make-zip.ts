import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipMember {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Packed, as in a WAR; left out: as it is, as in what Spring Boot makes. */
  readonly isPacked?: boolean;
  /** What the list says that it has unpacked, if that is a lie. */
  readonly saidSize?: number;
}

/** A ZIP file (APPNOTE.TXT), small enough to be told lies in. `before` stands in front, as the script of an executable JAR does. */
export function makeZip(
  members: readonly ZipMember[],
  { before = '', comment = '', isLarge = false } = {},
): Buffer {
  const prefix = Buffer.from(before);
  const parts: Buffer[] = [];
  const list: Buffer[] = [];
  let at = 0;
  for (const { name, bytes, isPacked, saidSize } of members) {
    const data = isPacked === true ? deflateRawSync(bytes) : Buffer.from(bytes);
    const title = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(isPacked === true ? 8 : 0, 4);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(saidSize ?? bytes.length, 18);
    common.writeUInt16LE(title.length, 22);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    common.copy(entry, 6);
    entry.writeUInt32LE(at, 42);
    list.push(entry, title);
    const header = Buffer.alloc(4);
    header.writeUInt32LE(0x04034b50, 0);
    parts.push(header, common, title, data);
    at += 30 + title.length + data.length;
  }
  const listed = Buffer.concat(list);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(at, 16);
  end.writeUInt16LE(comment.length, 20);
  const record = isLarge ? largeRecord(listed.length, at) : Buffer.alloc(0);
  if (isLarge) end.fill(0xff, 8, 20);
  return Buffer.concat([prefix, ...parts, listed, record, end, Buffer.from(comment)]);
}

/** What more than 65,535 names or 4 GB need: the numbers with 64 bits, and where they stand. */
function largeRecord(listSize: number, listAt: number): Buffer {
  const record = Buffer.alloc(76);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeBigUInt64LE(BigInt(listSize), 40);
  record.writeBigUInt64LE(BigInt(listAt), 48);
  record.writeUInt32LE(0x07064b50, 56);
  record.writeBigUInt64LE(BigInt(listAt + listSize), 64);
  return record;
}

export const JNDI = 'org/apache/logging/log4j/core/lookup/JndiLookup.class';

/** A JAR of a Log4j by its list of names; there is no program in it. */
export function log4jJar({ isDefused = false } = {}): Buffer {
  const names = [
    'META-INF/MANIFEST.MF',
    'org/apache/logging/log4j/core/Logger.class',
    ...(isDefused ? [] : [JNDI]),
  ];
  return makeZip(names.map((name) => ({ name, bytes: Buffer.from('not a class') })));
}

export function propertiesEntry(group: string, artifact: string, version: string): ZipMember {
  return {
    name: `META-INF/maven/${group}/${artifact}/pom.properties`,
    bytes: Buffer.from(`#Generated\nversion=${version}\ngroupId=${group}\nartifactId=${artifact}\n`),
    isPacked: true,
  };
}
