import { z } from 'zod';
import type { PackageSubject } from '../findings/finding.ts';
import { type Action, parametersOf } from './action.ts';

const parameters = z.strictObject({
  all: z.boolean().default(false).describe('every pending update; otherwise only security updates'),
});

/** Close the hole it came in by, as far as the package manager knows one. */
export const patch: Action = {
  name: 'patch',
  summary: 'install the pending security updates',
  parameters,
  scopes: ['packages'],
  isRemedy: false,
  concerns: ({ subject }) => subject.kind === 'package',
  isChosenAtFirst: ({ subject }) => subject.kind === 'package' && subject.isSecurity,
  plan(input) {
    const { all } = parametersOf(parameters, input);
    const wanted = all ? input.findings : input.chosen;
    const subjects = wanted.flatMap(({ subject }) => (subject.kind === 'package' ? [subject] : []));
    const remarks =
      input.facts.packageManager === 'none'
        ? ['No package manager that is known was found: update by hand.']
        : [
            'Updates close known holes in packages. What was installed by hand (Redis, Jenkins, a web application) must be updated by hand.',
          ];
    return {
      operations: upgrade(
        subjects,
        wanted.map((finding) => finding.id),
      ),
      checkedAfter: 'each package has the version that was pending',
      remarks,
    };
  },
};

function upgrade(subjects: readonly PackageSubject[], because: readonly string[]) {
  const manager = subjects[0]?.manager;
  if (manager === undefined) return [];
  const packages = subjects.map((subject) => subject.name);
  return [{ target: { kind: 'upgrade-packages' as const, manager, packages }, because }];
}
