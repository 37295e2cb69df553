import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { HomePlaybook } from '../tui/home-model.ts';
import { loadPlaybook } from './run.ts';
import { shippedPlaybooks } from './surroundings.ts';

/** The playbooks that come with it, as the home screen lists them. */
export async function homePlaybooks(): Promise<HomePlaybook[]> {
  const folder = shippedPlaybooks();
  const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort();
  return Promise.all(
    names.map(async (name): Promise<HomePlaybook> => {
      const path = join(folder, name);
      try {
        const { playbook } = await loadPlaybook(path);
        return { path, name: playbook.name, title: playbook.title, summary: playbook.summary, whyNot: null };
      } catch {
        const whyNot = `it has problems: tourniquet playbook check ${path}`;
        return { path, name, title: name, summary: '', whyNot };
      }
    }),
  );
}
