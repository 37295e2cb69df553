import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FileIdentity, ProcessIdentity } from '../../operations/identity.ts';
import type { PerformContext } from './performer.ts';

/** Why a process must not be stopped or killed: it is the branch the responder sits on. null: it may be. */
export function protectedProcess(target: ProcessIdentity, context: PerformContext): string | null {
  const { pid } = target;
  if (pid === 1) return 'Process 1 is init: the whole host ends with it.';
  if (pid === process.pid || pid === process.ppid) return `Process ${pid} is tourniquet itself.`;
  if (context.facts.responder.protectedPids.includes(pid))
    return `Process ${pid} (“${target.name}”) carries your own session: without it you are cut off.`;
  return null;
}

/** Why a file must not be moved or changed. null: it may be. */
export function protectedFile(file: FileIdentity, context: PerformContext): string | null {
  if (isBelow(file.path, context.hostFolder))
    return `${file.path} is in tourniquet's own folder on this host.`;
  if (file.path.includes('/.tourniquet-quarantine'))
    return `${file.path} is in quarantine already, of this incident or another.`;
  if (isBelow(file.path, installFolder())) return `${file.path} is a part of tourniquet itself.`;
  const user = userOf(file, context);
  return user === null ? null : `${file.path} is what ${user} runs: without it you could be cut off.`;
}

/** The line with which the responder logged in, if `lines` has it. */
export function responderKeyLine(lines: readonly string[], context: PerformContext): string | null {
  const fingerprint = context.facts.responder.keyFingerprint;
  if (fingerprint === null) return null;
  return lines.find((line) => keyFingerprints(line).includes(fingerprint)) ?? null;
}

/** Fingerprints, as `ssh-keygen -l` prints them, of everything in a line that looks like a public key (RFC 4253 blob). */
function keyFingerprints(line: string): string[] {
  const blobs = line.match(/AAAA[A-Za-z0-9+/]{20,}={0,2}/g) ?? [];
  return blobs.map((blob) => {
    const digest = createHash('sha256').update(Buffer.from(blob, 'base64')).digest('base64');
    return `SHA256:${digest.replace(/=+$/, '')}`;
  });
}

function userOf(file: FileIdentity, context: PerformContext): string | null {
  const own = [process.pid, ...context.facts.responder.protectedPids];
  for (const pid of own) {
    try {
      const stats = statSync(`/proc/${pid}/exe`, { bigint: true });
      if (`${stats.dev}:${stats.ino}` !== `${file.device}:${file.inode}`) continue;
      return pid === process.pid ? 'tourniquet' : `your own session (process ${pid})`;
    } catch {
      // Gone or not readable: then it protects nothing.
    }
  }
  return null;
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

/** The folder with the package's package.json, or the one that this file was bundled into. */
function installFolder(): string {
  const own = dirname(fileURLToPath(import.meta.url));
  for (let folder = own; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
  }
  return own;
}
