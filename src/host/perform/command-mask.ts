import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { maskSecrets } from '../../text/mask-secrets.ts';
import { toFsPath } from '../file-identity.ts';
import type { CommandSession } from './command-session.ts';
import { writeFileDurably } from './private-folder.ts';

/** Larger ones are taken away instead: what a command printed stands in the incident, masked, as well. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * Takes secrets out of what an ended command has left in its folder on the host, which would otherwise lie there for
 * good. The incident has its own copy by then, masked as well; one that was not seen to its end is masked all the same.
 */
export function maskSession(session: CommandSession, secrets: readonly string[]): void {
  if (!secrets.some((secret) => secret !== '')) return;
  for (const name of ['stdout', 'stderr']) {
    const path = join(session.folder, name);
    if (!existsSync(toFsPath(path))) continue;
    const bytes = readFileSync(toFsPath(path));
    const mask = maskSecrets(secrets);
    const masked = bytes.length > MOST_BYTES ? TOO_LARGE : Buffer.concat([mask.push(bytes), mask.end()]);
    if (!masked.equals(bytes)) writeFileDurably(path, masked);
  }
}

const TOO_LARGE = Buffer.from('Taken away: it was given a secret and is too large to be searched for it.\n');
