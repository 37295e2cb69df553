import { access, readFile } from 'node:fs/promises';
import { readVariable } from './proc-parents.ts';

/** What kind of container this is (`docker`, `podman`, `lxc`, …), or null. By what the engines themselves leave. */
export async function readContainer(): Promise<string | null> {
  // systemd(1) as a container's init writes down who started it; others set `container` for their init.
  const named = (await readText('/run/systemd/container')).trim() || (await readVariable(1, 'container'));
  if (named) return named;
  if (await exists('/run/.containerenv')) return 'podman';
  if (await exists('/.dockerenv')) return 'docker';
  if (await exists('/var/run/secrets/kubernetes.io')) return 'kubernetes';
  const group = await readText('/proc/1/cgroup');
  return /(docker|libpod|lxc|kubepods|containerd)/.exec(group)?.[1] ?? null;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return '';
  }
}
