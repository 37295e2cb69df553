import type { FileIdentity } from '../../src/operations/identity.ts';
import type { Namespace } from './namespace.ts';

/** What a file is recognised by, read inside of a namespace by stat(1) and sha256sum(1). */
export function identifyWithin(namespace: Namespace, path: string): FileIdentity {
  const [device = '', inode = '', size = '', mode = '', uid = '', gid = '', mtime = ''] = namespace
    .run(['stat', '-c', '%d %i %s %a %u %g %.9Y', '--', path])
    .trim()
    .split(' ');
  return {
    path,
    kind: 'file',
    device,
    inode,
    sizeBytes: Number(size),
    mode: Number.parseInt(mode, 8),
    uid: Number(uid),
    gid: Number(gid),
    mtimeNs: mtime.replace('.', ''),
    sha256: namespace.run(['sha256sum', '--', path]).slice(0, 64),
  };
}
