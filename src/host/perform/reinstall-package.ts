import { lstatSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { FileIdentity } from '../../operations/identity.ts';
import type { EvidenceFile } from '../../operations/receipt.ts';
import { tryIdentifyFile } from '../file-identity.ts';
import { openParent, WalkError } from '../safe-path.ts';
import { editFields } from './edit-receipt.ts';
import { changedSince } from './file-change.ts';
import { openTarget } from './file-target.ts';
import { lookAt } from './opened-file.ts';
import { count, done, errorCode, failed, ready, refused, verified } from './outcome.ts';
import { fileInPackage, openPackage } from './package-content.ts';
import type { OperationPerformer, PerformContext } from './performer.ts';
import { operationFolder } from './private-folder.ts';
import { chooseQuarantine, freeNameIn } from './quarantine-place.ts';
import { readReceipt } from './receipt-fields.ts';
import {
  insteadFields,
  performInstead,
  prepareInstead,
  undoInstead,
  verifyInstead,
} from './reinstall-instead.ts';
import { swapFile } from './swap-file.ts';
import { restoreSwapped } from './swap-undo.ts';

const fileFields = editFields.omit({ remaining: true, arrived: true }).extend({
  packagePath: z.string(),
  mode: z.number(),
  uid: z.number(),
  gid: z.number(),
  mtimeNs: z.string(),
});
const fields = z.looseObject({
  version: z.string(),
  checkedBy: z.string(),
  folder: z.string(),
  files: z.array(fileFields),
});
const insteadOf = z.looseObject({ instead: insteadFields.optional() });
type Replaced = z.infer<typeof fileFields>;

/**
 * Puts files back as the installed version of their package has them. Only these files are taken out of it, and none
 * of its scripts is run: reinstalling by the package manager would replace and restart far more than what was
 * altered, and could not be taken back. The altered file stays in quarantine, whole.
 */
export const reinstallPackage: OperationPerformer<'reinstall-package'> = {
  async prepare(operation, context) {
    const { manager, package: name, files } = operation;
    if (!/^[A-Za-z0-9](?:[A-Za-z0-9+._:~-]*[A-Za-z0-9+])?$/.test(name))
      return refused('invalid', `“${name}” is no name that a package can have.`);
    if (files.length === 0) return refused('invalid', `No file of ${name} was named.`);
    if (files.some(({ kind }) => kind === 'symlink'))
      return refused('invalid', `A symlink of ${name} was named; only its files are put back.`);
    if (!context.facts.isRoot) return refused('unavailable', 'Only root can put packaged files back.');
    const stale = await lookOver(files, context);
    if ('status' in stale) return stale;
    const folder = join(operationFolder(context.hostFolder, 'originals', operation.id), 'package');
    const content = await openPackage(manager, { name, folder });
    if (typeof content === 'string') {
      if (operation.otherwise === 'quarantine') return prepareInstead(operation, content, context);
      return refused(
        'unavailable',
        `The package ${name} cannot be had: ${content}. The host needs ${files.map(({ path }) => path).join(', ')}, so nothing was moved. Let the host reach its mirror and try again, or copy the file from a host of the same kind.`,
      );
    }
    const replaced: Replaced[] = [];
    for (const [index, file] of files.entries()) {
      const packagePath = fileInPackage(content.folder, file.path);
      if (packagePath === null)
        return refused(
          'invalid',
          `${name} ${content.version} brings no file ${file.path}. Take it out of the plan.`,
        );
      const opened = stale.opened[index];
      const made = await fieldsFor(operation.id, index, file, packagePath, context, opened);
      if (made.newSha256 === file.sha256)
        return refused('stale', `${file.path} is as ${name} brings it. Scan again and plan anew.`);
      replaced.push(made);
    }
    const { version, checkedBy } = content;
    return ready({ kind: 'reinstall-package', version, checkedBy, folder, files: replaced }, stale.evidence);
  },

  async perform(operation, receipt, context) {
    const { instead } = readReceipt('reinstall-package', insteadOf, receipt);
    if (instead !== undefined) return performInstead(operation, receipt, instead, context);
    const { files, version, checkedBy, folder, ...more } = readReceipt('reinstall-package', fields, receipt);
    const after: Replaced[] = [];
    for (const file of files) {
      const put = await putInPlace(file, context);
      if (typeof put === 'string') {
        const before =
          after.length === 0 ? 'Nothing was put back' : `Only ${count(after.length, 'file')} put back`;
        return failed(
          { ...receipt, files: [...after, ...files.slice(after.length)] },
          `${file.file.path} ${put}. ${before}.`,
        );
      }
      after.push(put);
    }
    rmSync(folder, { recursive: true, force: true });
    return done(
      { ...more, kind: 'reinstall-package', version, checkedBy, folder, files: after },
      `${count(files.length, 'file')} of ${operation.package} as ${version} has ${files.length === 1 ? 'it' : 'them'}, checked by ${checkedBy}. What stood there is in quarantine. Capabilities that the package’s scripts would set are not.`,
    );
  },

  async verify(operation, receipt) {
    const { instead } = readReceipt('reinstall-package', insteadOf, receipt);
    if (instead !== undefined) return verifyInstead(operation, instead);
    const { files } = readReceipt('reinstall-package', fields, receipt);
    for (const { file, newSha256 } of files) {
      const now = tryIdentifyFile(file.path);
      if (now instanceof Error) return verified('unknown', now.message);
      if (now.sha256 === file.sha256)
        return verified('does-not-hold', `${file.path} is still not as ${operation.package} has it.`);
      if (now.sha256 !== newSha256)
        return verified(
          'does-not-hold',
          `${file.path} was changed again: it is not as ${operation.package} has it.`,
        );
    }
    return verified(
      'holds',
      `${count(files.length, 'file')} of ${operation.package} as the package has ${files.length === 1 ? 'it' : 'them'}.`,
    );
  },

  async undo(operation, receipt, context) {
    const { instead } = readReceipt('reinstall-package', insteadOf, receipt);
    if (instead !== undefined) return undoInstead(operation, receipt, instead, context);
    const { files } = readReceipt('reinstall-package', fields, receipt);
    const problems: string[] = [];
    for (const file of files.toReversed()) {
      const problem = await restoreSwapped(file);
      if (problem !== null) problems.push(problem);
    }
    return problems.length === 0
      ? done(
          receipt,
          `${count(files.length, 'file')} of ${operation.package} as found before, altered again.`,
        )
      : failed(receipt, problems.join(' '));
  },
};

interface LookedOver {
  readonly opened: readonly {
    readonly evidenceName: string;
    readonly before: Replaced['before'];
    readonly quarantineFolder: string;
  }[];
  readonly evidence: readonly EvidenceFile[];
}

/** Each is still what was planned against, and in the evidence. */
async function lookOver(files: readonly FileIdentity[], context: PerformContext) {
  const opened: { evidenceName: string; before: Replaced['before']; quarantineFolder: string }[] = [];
  const evidence: EvidenceFile[] = [];
  for (const file of files) {
    const target = await openTarget(file, context, false);
    if (target.status === 'refused') return target;
    const { folder, before, evidence: copy } = target.target;
    try {
      const quarantineFolder = chooseQuarantine(folder, context.hostFolder, context.incidentId);
      opened.push({ evidenceName: copy.name, before, quarantineFolder });
      evidence.push(copy);
    } finally {
      folder.close();
    }
  }
  return { opened, evidence } satisfies LookedOver;
}

async function fieldsFor(
  id: string,
  index: number,
  file: FileIdentity,
  packagePath: string,
  context: PerformContext,
  opened: LookedOver['opened'][number] | undefined,
): Promise<Replaced> {
  if (opened === undefined) throw new Error('A file was not looked over.');
  const stats = lstatSync(packagePath, { bigint: true });
  const made = tryIdentifyFile(packagePath);
  if (made instanceof Error) throw made;
  return {
    ...opened,
    file,
    packagePath,
    newSha256: made.sha256,
    mode: Number(stats.mode & 0o7777n),
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    mtimeNs: stats.mtimeNs.toString(),
    quarantineName: freeNameIn(opened.quarantineFolder, `${id}.${index + 1}`),
    copyPath: join(operationFolder(context.hostFolder, 'originals', id), String(index + 1)),
    madeUpKey: null,
    parentMtimeAfterNs: null,
  };
}

/** What completes "/path …" if it was not. */
async function putInPlace(fields: Replaced, context: PerformContext): Promise<Replaced | string> {
  try {
    const { folder, name } = openParent(fields.file.path);
    try {
      const stale = changedSince(folder, name, fields);
      if (stale !== null) return `${stale}. It was left; scan again and plan anew`;
      if (context.signal?.aborted) return 'was left: cancelled';
      const original = await lookAt(folder, name, { keepBytes: true });
      if (original === null || typeof original === 'string' || original.sha256 !== fields.file.sha256)
        return 'was changed since it was looked at. It was left; scan again and plan anew';
      const bytes = readFileSync(fields.packagePath);
      const swap = await swapFile(
        fields,
        folder,
        name,
        { original, bytes, looks: fields, isLike: false, mtimeNs: fields.mtimeNs },
        context,
      );
      if (swap.problem !== null) return swap.problem;
      return { ...fields, parentMtimeAfterNs: swap.parentMtimeAfterNs };
    } finally {
      folder.close();
    }
  } catch (error) {
    return error instanceof WalkError ? `was left: ${error.message}` : `was left (${errorCode(error)})`;
  }
}
