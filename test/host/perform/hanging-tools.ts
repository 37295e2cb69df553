import { globSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Namespace } from '../../support/namespace.ts';

const HOST = fileURLToPath(new URL('../../../src/host/', import.meta.url));
/** What runs the test itself; shells, which do nothing but start others here; and what makes the timer outlive us. */
const LEFT_ALONE = new Set(['sh', 'bash', 'dash', 'env', 'node', 'setsid']);

/** Every program of the trusted folders that src/host/ has a word for, and `more`. */
export function toolsNamed(more: readonly string[]): Readonly<Record<'bin' | 'sbin', readonly string[]>> {
  const words = new Set(more);
  for (const file of globSync('**/*.ts', { cwd: HOST }))
    for (const [, word = ''] of readFileSync(join(HOST, file), 'utf8').matchAll(/'([a-z][\w.+-]*)'/g))
      words.add(word);
  const those = (folder: string) =>
    readdirSync(`/usr/${folder}`).filter((name) => words.has(name) && !LEFT_ALONE.has(name));
  return { bin: [...those('bin'), ...more], sbin: those('sbin') };
}

/**
 * Setup text for a namespace: each of the tools is itself as long as nobody wants it to hang; then it does, with a child, and
 * neither of them heeds SIGTERM.
 */
export function hangingTools(tools: ReturnType<typeof toolsNamed>): string {
  return `
mkdir -p /run/hang /run/real/bin /run/real/sbin
for name in sh sleep; do cp -L "/usr/bin/$name" /run/hang/; done
cat >/run/hang/tool <<'END'
#!/run/hang/sh
folder=bin; case "$0" in */sbin/*) folder=sbin ;; esac
[ -e /run/hang/on ] || exec "/run/real/$folder/\${0##*/}" "$@"
trap '' TERM
/run/hang/sleep 600 &
/run/hang/sleep 600
END
chmod 755 /run/hang/tool
${(['bin', 'sbin'] as const)
  .map(
    (folder) => `
mount --bind /usr/${folder} /run/real/${folder}
mkdir -p /run/over/${folder} /run/work/${folder}
for name in ${tools[folder].join(' ')}; do cp /run/hang/tool "/run/over/${folder}/$name"; done
mount -t overlay overlay -o lowerdir=/usr/${folder},upperdir=/run/over/${folder},workdir=/run/work/${folder} /usr/${folder}`,
  )
  .join('\n')}`;
}

/** From outside of it, by no tool that would hang. */
export function letHang(namespace: Namespace, doesHang: boolean): void {
  const on = `/proc/${namespace.pid}/root/run/hang/on`;
  if (doesHang) writeFileSync(on, '');
  else rmSync(on, { force: true });
}

/** Milliseconds that were waited in vain since it was last asked: all of them one after the other, so no less than it took. */
export function waitedMs(namespace: Namespace): number {
  const path = `/proc/${namespace.pid}/root/run/hang/waited`;
  try {
    const lines = readFileSync(path, 'utf8').trim().split('\n');
    rmSync(path);
    return lines.reduce((sum, line) => sum + Number(line), 0);
  } catch {
    return 0;
  }
}

/** Hanging processes that are still there. */
export function stillHanging(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'latin1').startsWith('/run/hang/');
      } catch {
        return false;
      }
    })
    .map(Number);
}
