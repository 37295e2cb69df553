import type { Finding } from '../findings/finding.ts';
import type { PlannedOperation } from './action.ts';

/**
 * Freeze all, then kill one by one: of two that watch each other, the second would otherwise start the first again
 * while it is being killed. A stopped process cannot act (signal(7): SIGSTOP cannot be caught).
 */
export function killTogether(findings: readonly Finding[]): readonly PlannedOperation[] {
  const freeze: PlannedOperation[] = [];
  const kill: PlannedOperation[] = [];
  for (const { subject, id } of findings) {
    if (subject.kind !== 'process') continue;
    freeze.push({ target: { kind: 'freeze-process', process: subject.process }, because: [id] });
    kill.push({ target: { kind: 'kill-process', process: subject.process }, because: [id] });
  }
  return [...freeze, ...kill];
}

/** Stop what the service manager would start again, before its processes are touched. */
export function disableUnits(findings: readonly Finding[]): readonly PlannedOperation[] {
  return findings.flatMap(({ subject, id }): PlannedOperation[] =>
    subject.kind === 'unit'
      ? [
          {
            target: { kind: 'disable-unit', unit: subject.unit, user: subject.user, file: subject.file },
            because: [id],
          },
        ]
      : [],
  );
}
