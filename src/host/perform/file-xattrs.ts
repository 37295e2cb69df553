import { decodeHostBytes } from '../../text/host-bytes.ts';
import { runTool } from '../run-tool.ts';
import { type OpenFolder, openParent } from '../safe-path.ts';

/**
 * Extended attributes of a name in an open folder (ACLs, capabilities and security labels among them), as sorted
 * `name=0xHEX` lines; null where getfattr(1) is missing or the file system has none. For comparing only: a moved
 * inode keeps them by itself.
 */
export async function readXattrs(folder: OpenFolder, name: Buffer | string): Promise<string | null> {
  const argv = [
    'getfattr',
    '-h',
    '-d',
    '-m',
    '-',
    '-e',
    'hex',
    '--absolute-names',
    '--',
    folder.childForOthers(name),
  ];
  const result = await runTool(argv, { timeoutMs: 10_000, maxBytes: 256 * 1024 });
  if (result.exitCode !== 0) return null;
  const lines = result.stdout.toString('latin1').split('\n');
  return lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .sort()
    .join('\n');
}

/**
 * Extended attributes of everything at and below a path, by path: `name=0xHEX` lines. Empty where getfattr(1) is
 * missing. One call for the whole tree; symlinks are not followed.
 */
export async function readTreeXattrs(path: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  let place: ReturnType<typeof openParent>;
  try {
    place = openParent(path);
  } catch {
    return found;
  }
  try {
    const root = place.folder.childForOthers(place.name);
    const argv = ['getfattr', '-R', '-P', '-h', '-d', '-m', '-', '-e', 'hex', '--absolute-names', '--', root];
    const result = await runTool(argv, { timeoutMs: 60_000, maxBytes: 32 * 1024 * 1024 });
    for (const block of result.stdout.toString('latin1').split('\n\n')) {
      const [head = '', ...lines] = block.split('\n').filter((line) => line !== '');
      if (!head.startsWith('# file: ') || lines.length === 0) continue;
      const named = decodeHostBytes(withoutEscapes(head.slice('# file: '.length)));
      if (named.startsWith(root)) found.set(path + named.slice(root.length), lines.sort().join('\n'));
    }
    return found;
  } finally {
    place.folder.close();
  }
}

/** getfattr writes special bytes of a name as a backslash and three octal digits. */
function withoutEscapes(text: string): Buffer {
  const plain = text.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
  return Buffer.from(plain, 'latin1');
}
