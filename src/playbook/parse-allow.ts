import { z } from 'zod';
import { type AllowFile, allowSchema } from './allow-schema.ts';
import { type Complaint, type ParsedData, parseData } from './parse-data.ts';

/** What is allowed, by what tells it from another thing; as findings/allow.ts has it. */
export type ParsedAllow =
  | { readonly kind: 'file'; readonly path: string; readonly sha256: string }
  | { readonly kind: 'line'; readonly path: string; readonly line: string }
  | { readonly kind: 'package'; readonly package: string }
  | { readonly kind: 'key'; readonly fingerprint: string }
  | { readonly kind: 'unit'; readonly unit: string; readonly sha256?: string }
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'account'; readonly account: string }
  | { readonly kind: 'image'; readonly image: string; readonly sha256?: string };

export interface ParsedDeclaration {
  readonly entry: ParsedAllow;
  readonly reason: string;
}

type Item = AllowFile['allow'][number];

/** A file of what is the responder's own from its YAML text, or everything that is wrong with it. */
export function parseAllow(text: string): ParsedData<readonly ParsedDeclaration[]> {
  const kind = { article: 'an allow list', begins: 'an allow list begins with allow:' };
  const { data, problems } = parseData(text, allowSchema, kind, complaints);
  const entries = data?.allow.flatMap((item) => {
    const entry = entryOf(item);
    return entry === null ? [] : [{ entry, reason: item.because }];
  });
  return { data: entries ?? null, problems };
}

function complaints(file: AllowFile): Complaint[] {
  return file.allow.flatMap((item, index) => {
    const named = KINDS.filter((kind) => item[kind] !== undefined);
    const path = ['allow', index];
    if (named.length !== 1)
      return [
        {
          path,
          message:
            named.length === 0 ? 'the entry names nothing' : `the entry names ${named.join(' and ')} at once`,
          hint: `name one of ${KINDS.join(', ')}`,
        },
      ];
    if (item.address !== undefined && !ADDRESS.safeParse(item.address).success)
      return [
        {
          path: [...path, 'address'],
          message: `no host has the address ${item.address}`,
          hint: 'write it as a scan shows it: 203.0.113.9, 2001:db8::9',
        },
      ];
    return entryOf(item) === null ? [{ path, ...whyNone(item) }] : [];
  });
}

function whyNone(item: Item): Omit<Complaint, 'path'> {
  return item.file !== undefined
    ? {
        message: 'a file needs its content as well: somebody else’s could take its place',
        hint: 'give sha256: (as sha256sum prints it), or line:',
      }
    : {
        message: 'sha256 and line go with a file, sha256 with a unit or an image too',
        hint: 'leave them out',
      };
}

const ADDRESS = z.union([z.ipv4(), z.ipv6()]);

const KINDS = ['file', 'package', 'key', 'unit', 'address', 'account', 'image'] as const;

function entryOf({
  file,
  sha256,
  line,
  unit,
  key,
  address,
  account,
  image,
  package: name,
}: Item): ParsedAllow | null {
  if (file !== undefined) {
    if (line !== undefined) return sha256 === undefined ? { kind: 'line', path: file, line } : null;
    return sha256 === undefined ? null : { kind: 'file', path: file, sha256 };
  }
  if (line !== undefined) return null;
  if (unit !== undefined) return { kind: 'unit', unit, ...(sha256 === undefined ? {} : { sha256 }) };
  if (image !== undefined) return { kind: 'image', image, ...(sha256 === undefined ? {} : { sha256 }) };
  if (sha256 !== undefined) return null;
  if (key !== undefined) return { kind: 'key', fingerprint: key };
  if (address !== undefined) return { kind: 'address', address };
  if (account !== undefined) return { kind: 'account', account };
  return name === undefined ? null : { kind: 'package', package: name };
}
