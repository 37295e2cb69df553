import type { Finding } from '../findings/finding.ts';
import type { EditFile, OperationTarget, ReinstallPackage, SetAttributes } from '../operations/operation.ts';
import { reloadsFor } from '../operations/reloads.ts';
import type { PlannedOperation } from './action.ts';

/**
 * What sets settings right: one operation a file and one a package, since after a first the second would no longer
 * find the file that it was planned for. Files that go as a whole (`gone`) need nothing else.
 */
export function setRight(chosen: readonly Finding[], gone: ReadonlySet<string>): readonly PlannedOperation[] {
  const attributes = new Map<string, Merging<SetAttributes>>();
  const packages = new Map<string, Merging<ReinstallPackage>>();
  const others: PlannedOperation[] = [];
  const parameters = new Set<string>();
  const restored = new Set<string>();
  for (const { subject, id } of chosen) {
    if (subject.kind === 'file-line' && subject.role === 'kernel-setting') {
      const target = kernelDefault(subject.details, parameters);
      if (target !== null) others.push({ target, because: [id] });
    }
    if (subject.kind !== 'setting' || subject.remedy === undefined) continue;
    const { remedy } = subject;
    if (remedy.kind === 'reinstall-package') {
      merge(packages, remedy.package, id, remedy, (before) => ({
        ...before,
        files: [...before.files, ...remedy.files],
        otherwise: before.otherwise === 'leave' ? 'leave' : remedy.otherwise,
      }));
      for (const { path } of remedy.files) restored.add(path);
    } else if (remedy.kind === 'set-attributes') {
      if (!gone.has(remedy.file.path))
        merge(attributes, remedy.file.path, id, remedy, (before) => ({ ...before, ...remedy }));
    } else {
      others.push({ target: remedy, because: [id] });
    }
  }
  return [
    // A file that comes back from its package has the package's attributes.
    ...[...attributes].filter(([path]) => !restored.has(path)).map(([, merged]) => merged),
    ...packages.values(),
    ...others,
  ];
}

/** What must read the file again once it was changed; nothing is named where nothing must. */
export function reloading(path: string): Pick<EditFile, 'reload'> {
  const reload = reloadsFor(path);
  return reload.length === 0 ? {} : { reload };
}

interface Merging<T extends OperationTarget> extends PlannedOperation {
  readonly target: T;
}

function merge<T extends OperationTarget>(
  into: Map<string, Merging<T>>,
  key: string,
  id: string,
  target: T,
  join: (before: T) => T,
): void {
  const before = into.get(key);
  into.set(
    key,
    before === undefined
      ? { target, because: [id] }
      : { target: join(before.target), because: [...before.because, id] },
  );
}

/** What a stock kernel has (kernel, admin-guide/sysctl): a line that goes does not take back what it has set. */
const DEFAULTS: Readonly<Record<string, string>> = {
  'vm.nr_hugepages': '0',
  'kernel.nmi_watchdog': '1',
  'kernel.watchdog': '1',
  'kernel.core_pattern': 'core',
  'kernel.modprobe': '/sbin/modprobe',
};

function kernelDefault(
  details: Readonly<Record<string, string>>,
  named: Set<string>,
): OperationTarget | null {
  const { name = '', value, current } = details;
  const to = DEFAULTS[name];
  // Something else has set it meanwhile, or it was never taken: then the line is all there is to it.
  if (to === undefined || current === undefined || current !== value || current === to || named.has(name))
    return null;
  named.add(name);
  return { kind: 'set-kernel-parameter', name, from: current, to };
}
