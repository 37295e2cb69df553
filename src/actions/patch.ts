import { z } from 'zod';
import type { Finding, PackageSubject } from '../findings/finding.ts';
import type { EditFile } from '../operations/operation.ts';
import { type Action, type PlannedOperation, parametersOf } from './action.ts';

const parameters = z.strictObject({
  all: z.boolean().default(false).describe('every pending update; otherwise only security updates'),
});

/** Close the hole it came in by: what a package manager knows of, and what services leave open. */
export const patch: Action = {
  name: 'patch',
  summary: 'close what services leave open to everybody, and install the pending security updates',
  parameters,
  scopes: ['packages', 'entry-points'],
  isRemedy: false,
  concerns: ({ subject }) =>
    subject.kind === 'package' || (subject.kind === 'setting' && subject.part === 'entry-points'),
  isChosenAtFirst: ({ subject }) => subject.kind === 'package' && subject.isSecurity,
  plan(input) {
    const { all } = parametersOf(parameters, input);
    const chosen = new Set(input.chosen.map(({ id }) => id));
    // Whoever chose a hole in what a package brought has chosen the update of that package.
    const holed = new Set(
      input.chosen.filter(isHole).flatMap(({ package: owner }) => (typeof owner === 'string' ? [owner] : [])),
    );
    const packages = input.findings.filter(
      ({ subject, id }) => subject.kind === 'package' && (all || chosen.has(id) || holed.has(subject.name)),
    );
    const isOpen = (finding: Finding) =>
      finding.subject.kind === 'setting' && finding.verdict === 'suspicious' && !isHole(finding);
    const open = input.findings.filter((finding) => isOpen(finding) && !chosen.has(finding.id)).length;
    return {
      operations: [...closeEntries(input.chosen), ...upgrade(packages)],
      checkedAfter: 'each package has the version that was pending; each file reads as approved',
      remarks: [
        ...(open > 0
          ? [
              `${open === 1 ? 'One way in that anybody can use is' : `${open} ways in that anybody can use are`} open and not chosen: choose them, or close them by hand. Closing one can cut off who uses it rightly.`,
            ]
          : []),
        input.facts.firewall === 'windows'
          ? 'What Windows Update does not know (Jenkins, Redis, a web application) must be updated by hand. Some updates take effect when Windows is started anew.'
          : input.facts.packageManager === 'none'
            ? 'No package manager that is known was found: update by hand.'
            : 'Updates close known holes in packages. What was installed by hand (Redis, Jenkins, a web application) must be updated by hand.',
        ...holesByHand(input.findings),
      ],
    };
  },
};

function isHole({ reasons }: Finding): boolean {
  return reasons.some(({ code }) => code === 'known-hole');
}

const MOST_NAMED = 8;

/** What no operation can do: a program is built anew by whoever has its sources. Those that can be reached first. */
function holesByHand(findings: readonly Finding[]): readonly string[] {
  const holes = findings.filter(isHole).toSorted((a, b) => b.score - a.score);
  const left = holes.length - MOST_NAMED;
  return [
    ...holes
      .slice(0, MOST_NAMED)
      .flatMap(({ title, subject }) =>
        subject.kind === 'setting' ? [`By hand: ${title}. ${subject.advice}`] : [],
      ),
    ...(left > 0 ? [`${left} more programs with known holes stand in the findings.`] : []),
  ];
}

/** One edit a file, with the remedies of all that was chosen in it: a second would no longer find the file it was planned for. */
function closeEntries(chosen: readonly Finding[]): readonly PlannedOperation[] {
  const files = new Map<string, { target: EditFile; because: string[] }>();
  for (const { subject, id } of chosen) {
    if (subject.kind !== 'setting' || subject.remedy?.kind !== 'edit-file') continue;
    const { remedy } = subject;
    const before = files.get(remedy.file.path);
    if (before === undefined) files.set(remedy.file.path, { target: remedy, because: [id] });
    else {
      before.target = joined(before.target, remedy);
      before.because.push(id);
    }
  }
  return [...files.values()];
}

function joined(a: EditFile, b: EditFile): EditFile {
  return {
    ...a,
    removeLines: [...a.removeLines, ...b.removeLines],
    replaceLines: [...(a.replaceLines ?? []), ...(b.replaceLines ?? [])],
    insertLines: [...(a.insertLines ?? []), ...(b.insertLines ?? [])],
    reload: [...new Set([...(a.reload ?? []), ...(b.reload ?? [])])],
  };
}

function upgrade(findings: readonly Finding[]): readonly PlannedOperation[] {
  const subjects = findings.flatMap(({ subject }): PackageSubject[] =>
    subject.kind === 'package' ? [subject] : [],
  );
  const manager = subjects[0]?.manager;
  if (manager === undefined) return [];
  const packages = subjects.map((subject) => subject.name);
  return [{ target: { kind: 'upgrade-packages', manager, packages }, because: findings.map(({ id }) => id) }];
}
