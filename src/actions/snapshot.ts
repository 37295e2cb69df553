import { z } from 'zod';
import { pathParameter } from '../playbook/parameter-types.ts';
import { type Action, isMalicious, type PlannedOperation, parametersOf } from './action.ts';
import { RUNNING } from './scopes.ts';

const parameters = z.strictObject({
  paths: z
    .array(pathParameter())
    .default(['/etc', '/var/spool/cron', '/root/.ssh'])
    .describe('folders and files to keep a copy of'),
  'max-megabytes': z.number().int().positive().default(2048).describe('refuse to keep more than this'),
});

/** Evidence before anything is touched: the suspects out of memory, and the places they start from. */
export const snapshot: Action = {
  name: 'snapshot',
  summary: 'keep a copy of the suspects as they run and of the files they came from',
  parameters,
  scopes: [...RUNNING, 'authorized-keys'],
  isRemedy: false,
  concerns: (finding) => finding.verdict === 'malicious' || finding.verdict === 'suspicious',
  isChosenAtFirst: isMalicious,
  plan(input) {
    const { paths, 'max-megabytes': megabytes } = parametersOf(parameters, input);
    const operations: PlannedOperation[] = [];
    const files = new Set<string>(paths);
    for (const { subject, id } of input.chosen) {
      if (subject.kind === 'process') {
        operations.push({ target: { kind: 'collect-process', process: subject.process }, because: [id] });
      } else if ('file' in subject) {
        if (!paths.some((path) => isBelow(subject.file.path, path))) files.add(subject.file.path);
      }
    }
    operations.push({
      target: { kind: 'archive-files', paths: [...files], name: 'files', maxBytes: megabytes * 1024 * 1024 },
      because: [],
    });
    return {
      operations,
      checkedAfter: 'every file kept is read again and its hash compared',
      remarks: [
        'This copies files and running programs. It is no disk snapshot: take one of those in your cloud console as well, before you change anything.',
      ],
    };
  },
};

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}
