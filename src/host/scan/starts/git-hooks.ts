import { readLines } from '../look.ts';
import { gitRepositories } from './git-repositories.ts';
import { gitConfigFiles, hooksFolders } from './git-settings.ts';
import { parseProgram, placesIn, type StartReader } from './start-reader.ts';

/** Programs that git runs: in each repository’s hooks, and where core.hooksPath points (githooks(5)). */
export const gitHooks: StartReader = {
  mechanism: 'git-hook',
  *list(look, scope) {
    const place = { as: 'file', parse: parseProgram, name: /^(?!.*\.sample$)[a-z0-9-]+$/ } as const;
    for (const { gitFolder, account } of gitRepositories(look, scope))
      yield* placesIn(look, scope, `${gitFolder}/hooks`, { ...place, account });
    yield* placesIn(look, scope, '/usr/share/git-core/templates/hooks', place);
    for (const { path, account } of gitConfigFiles(look, scope)) {
      const text = (readLines(look, scope, path) ?? []).join('\n');
      for (const folder of hooksFolders(text, account?.home ?? null))
        yield* placesIn(look, scope, folder, { ...place, account });
    }
  },
};
