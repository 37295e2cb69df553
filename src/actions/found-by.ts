import type { FileLineSubject, FileSubject, Finding } from '../findings/finding.ts';
import type { ScanScope } from '../findings/scan.ts';

/** The scopes that found these: what has to look again to say that they are gone. */
export function scopesThatFound(findings: readonly Finding[]): readonly ScanScope[] {
  return [...new Set(findings.flatMap(({ subject }) => scopeOf(subject)))];
}

function scopeOf(subject: Finding['subject']): readonly ScanScope[] {
  switch (subject.kind) {
    case 'process':
      return ['processes'];
    case 'unit':
      return ['units'];
    case 'setting':
      return [subject.part];
    case 'file-line':
      return LINES[subject.role] ?? [];
    case 'file':
      return FILES[subject.role] ?? [];
    default:
      return [];
  }
}

const LINES: Readonly<Partial<Record<FileLineSubject['role'], readonly ScanScope[]>>> = {
  'cron-entry': ['cron'],
  'shell-start-line': ['shell-start'],
  'hosts-line': ['hosts-file'],
  'authorized-key': ['authorized-keys'],
  'preload-entry': ['preload'],
  'sudo-rule': ['sudo'],
  'sshd-line': ['sshd'],
  'pam-line': ['pam'],
  'resolver-line': ['sources'],
  'source-line': ['sources'],
  'kernel-setting': ['kernel-settings'],
  'listed-shell': ['accounts'],
  'boot-line': ['boot'],
  'session-line': ['session'],
  'tool-hook-line': ['tool-hooks'],
};

/** What is found by way of something else that starts it has no scope of its own here. */
const FILES: Readonly<Partial<Record<FileSubject['role'], readonly ScanScope[]>>> = {
  'cron-file': ['cron'],
  'dropped-executable': ['dropped-files'],
  script: ['dropped-files'],
  'hidden-file': ['dropped-files'],
  'preload-library': ['preload'],
  'unit-drop-in': ['units'],
  'shadowing-tool': ['tools'],
  'set-id-program': ['set-id'],
  'web-shell': ['web-shells'],
  'at-job': ['at-jobs'],
  'boot-file': ['boot'],
  'session-file': ['session'],
  'tool-hook': ['tool-hooks'],
};
