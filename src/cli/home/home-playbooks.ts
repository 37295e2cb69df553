import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cloudOfMachine } from '../../host/cloud-place.ts';
import type { Playbook } from '../../playbook/playbook.ts';
import type { HomePlaybook } from '../../tui/home/home-model.ts';
import { loadPlaybook } from '../run/run.ts';
import { shippedPlaybooks } from '../surroundings.ts';

/** The playbooks that come with it, as the home screen lists them: the one for this machine and its cloud first. */
export async function homePlaybooks(): Promise<HomePlaybook[]> {
  const folder = shippedPlaybooks();
  const here = await cloudOfMachine();
  const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort();
  const listed = await Promise.all(
    names.map(async (name): Promise<{ readonly fit: number; readonly home: HomePlaybook }> => {
      const path = join(folder, name);
      try {
        const { playbook } = await loadPlaybook(path);
        const { title, summary } = playbook;
        return {
          fit: fitOf(playbook, here),
          home: { path, name: playbook.name, title, summary, whyNot: null },
        };
      } catch {
        const whyNot = `it has problems: tourniquet playbook check ${path}`;
        return { fit: 0, home: { path, name, title: name, summary: '', whyNot } };
      }
    }),
  );
  return listed.sort((one, other) => other.fit - one.fit).map(({ home }) => home);
}

/** How well a playbook fits this machine, in a cloud or in none that is known. */
export function fitOf(
  { platform, provider }: Pick<Playbook, 'platform' | 'provider'>,
  here: string | null,
  own: string = process.platform,
): number {
  if (platform !== 'any' && (platform === 'windows') !== (own === 'win32')) return 0;
  if (provider === undefined) return 2;
  return provider === here ? 3 : 1;
}
