import { decodeHostBytes } from '../../text/host-bytes.ts';
import { runTool } from '../run-tool.ts';
import type { Look } from './look.ts';
import { mergeUsr, type Ownership } from './owning.ts';

/** rpm's database has no text form, so its tool is asked: once for all paths, and once for each file compared. */
export function rpmOwnership(look: Look): Ownership {
  let known: Map<string, string> | null = null;
  const table = async (): Promise<Map<string, string>> => {
    const root = look.root === '' ? [] : ['--root', look.root];
    const result = await runTool(['rpm', ...root, '-qa', '--qf', '[%{=NAME}\\t%{FILENAMES}\\n]'], {
      timeoutMs: 30_000,
      maxBytes: 256 * 1024 * 1024,
    });
    if (result.exitCode !== 0) {
      look.unknowns.push({
        scope: 'dropped-files',
        what: 'which package owns a file',
        reason: result.failedToStart ?? 'rpm could not read its database',
      });
      return new Map();
    }
    const lines = decodeHostBytes(result.stdout).split('\n');
    return new Map(
      lines.map((line) => [mergeUsr(line.slice(line.indexOf('\t') + 1)), line.slice(0, line.indexOf('\t'))]),
    );
  };
  return {
    owners: async (paths) => {
      known ??= await table();
      const { size } = known;
      return new Map(
        paths.map((path) => [path, size === 0 ? undefined : (known?.get(mergeUsr(path)) ?? null)]),
      );
    },
    integrity: async (path) => {
      const root = look.root === '' ? [] : ['--root', look.root];
      const result = await runTool(['rpm', ...root, '-Vf', '--nodeps', '--noscripts', path], {
        timeoutMs: 20_000,
      });
      if (result.failedToStart !== null || result.timedOut) return 'not-checked';
      // `S.5....T.  c /etc/x`: the third mark is the digest.
      const line = decodeHostBytes(result.stdout)
        .split('\n')
        .find((one) => one.endsWith(` ${path}`));
      if (line === undefined) return 'unchanged';
      return line[2] === '5' || line.startsWith('missing')
        ? 'changed'
        : line[2] === '?'
          ? 'not-checked'
          : 'unchanged';
    },
    digestOf: async (path, owner) => {
      const root = look.root === '' ? [] : ['--root', look.root];
      const result = await runTool(
        ['rpm', ...root, '-q', '--qf', '[%{FILENAMES}\\t%{FILEDIGESTS}\\n]', owner],
        {
          timeoutMs: 20_000,
        },
      );
      const line = decodeHostBytes(result.stdout)
        .split('\n')
        .find((one) => mergeUsr(one.slice(0, one.indexOf('\t'))) === mergeUsr(path));
      const hex = line?.slice(line.indexOf('\t') + 1) ?? '';
      return /^[0-9a-f]{64}$/.test(hex) ? { algorithm: 'sha256', hex } : null;
    },
  };
}
