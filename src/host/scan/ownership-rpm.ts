import { createHash } from 'node:crypto';
import { decodeHostBytes } from '../../text/host-bytes.ts';
import { runTool } from '../run-tool.ts';
import { type Look, readBytes } from './look.ts';
import { type Digest, mergeUsr, type Ownership } from './owning.ts';

const HASH_LIMIT = 256 * 1024 * 1024;
const FORMAT = '[%{=NAME}\\t%{FILENAMES}\\t%{FILEDIGESTS}\\n]';

interface Known {
  readonly owner: string;
  /** null for folders, links and what a package only reserves (`%ghost`). */
  readonly digest: Digest | null;
}

/**
 * rpm's database has no text form, so its tool is asked: once, for every file of every package with its hash. What a
 * file holds is compared here; `rpm -V` would start a process for each.
 */
export function rpmOwnership(look: Look): Ownership {
  let table: Promise<ReadonlyMap<string, Known>> | null = null;
  const known = async (path: string): Promise<Known | undefined> => {
    table ??= readTable(look);
    return (await table).get(mergeUsr(path));
  };
  return {
    owners: async (paths) => {
      table ??= readTable(look);
      const { size } = await table;
      const answers = new Map<string, string | null | undefined>();
      for (const path of paths)
        answers.set(path, size === 0 ? undefined : ((await known(path))?.owner ?? null));
      return answers;
    },
    integrity: async (path) => {
      const digest = (await known(path))?.digest ?? null;
      if (digest === null) return 'not-listed';
      const file = readBytes(look, 'dropped-files', path, HASH_LIMIT);
      if (file === null || file.isCut) return 'not-checked';
      return createHash(digest.algorithm).update(file.bytes).digest('hex') === digest.hex
        ? 'unchanged'
        : 'changed';
    },
    digestOf: async (path) => (await known(path))?.digest ?? null,
  };
}

async function readTable(look: Look): Promise<ReadonlyMap<string, Known>> {
  const root = look.root === '' ? [] : ['--root', look.root];
  const result = await runTool(['rpm', ...root, '-qa', '--qf', FORMAT], {
    timeoutMs: 60_000,
    maxBytes: 512 * 1024 * 1024,
  });
  if (result.exitCode !== 0) {
    look.unknowns.push({
      scope: 'dropped-files',
      what: 'which package owns a file',
      reason: result.failedToStart ?? 'rpm could not read its database',
    });
    return new Map();
  }
  return parseFiles(decodeHostBytes(result.stdout));
}

/** `PACKAGE<tab>PATH<tab>HASH` lines; the kind of hash is told by its length. */
function parseFiles(text: string): Map<string, Known> {
  const out = new Map<string, Known>();
  for (const line of text.split('\n')) {
    const first = line.indexOf('\t');
    const last = line.lastIndexOf('\t');
    if (first < 0 || last === first) continue;
    const hex = line.slice(last + 1);
    const algorithm = ALGORITHMS[hex.length];
    out.set(mergeUsr(line.slice(first + 1, last)), {
      owner: line.slice(0, first),
      digest: algorithm === undefined ? null : { algorithm, hex },
    });
  }
  return out;
}

const ALGORITHMS: Readonly<Record<number, Digest['algorithm']>> = { 32: 'md5', 40: 'sha1', 64: 'sha256' };
