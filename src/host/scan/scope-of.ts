import type { Finding } from '../../findings/finding.ts';
import type { ScanScope } from '../../findings/scan.ts';
import { PRELOAD_FILE } from '../preload-file.ts';

const HIDDEN: readonly ScanScope[] = ['hidden-processes'];
const PRELOAD: readonly ScanScope[] = ['preload'];

/** What is hidden is found by one scope and told by another, whichever was asked for. */
export function scopesOf(finding: Finding): readonly ScanScope[] {
  const scope = scopeOf(finding);
  const isHidden =
    scope === 'second-opinion' || finding.reasons.some(({ code }) => code === 'hidden-process');
  const isPreload = finding.places[0]?.path === PRELOAD_FILE;
  return [scope, ...(isHidden ? HIDDEN : []), ...(isPreload ? PRELOAD : [])];
}

/** The scope that a finding belongs to. */
function scopeOf({ subject }: Finding): ScanScope {
  switch (subject.kind) {
    case 'process':
      return 'processes';
    case 'connection':
      return 'connections';
    case 'unit':
      return 'units';
    case 'container':
      return 'containers';
    case 'account':
      return 'accounts';
    case 'host-key':
      return 'host-keys';
    case 'package':
      return 'packages';
    case 'disagreement':
      return 'second-opinion';
    case 'secret':
      return 'secrets';
    case 'setting':
      return subject.part;
    case 'file':
      return ROLE_SCOPES[subject.role];
    case 'file-line':
      return LINE_SCOPES[subject.role];
  }
}

const ROLE_SCOPES = {
  'cron-file': 'cron',
  'unit-drop-in': 'units',
  'preload-library': 'preload',
  'dropped-executable': 'dropped-files',
  script: 'dropped-files',
  'at-job': 'at-jobs',
  'boot-file': 'boot',
  'session-file': 'session',
  'tool-hook': 'tool-hooks',
  'shadowing-tool': 'tools',
  'set-id-program': 'set-id',
  'hidden-file': 'impairment',
  'web-shell': 'web-shells',
} as const;

const LINE_SCOPES = {
  'cron-entry': 'cron',
  'shell-start-line': 'shell-start',
  'preload-entry': 'preload',
  'authorized-key': 'authorized-keys',
  'hosts-line': 'hosts-file',
  'boot-line': 'boot',
  'session-line': 'session',
  'tool-hook-line': 'tool-hooks',
  'sudo-rule': 'sudo',
  'sshd-line': 'sshd',
  'pam-line': 'pam',
  'resolver-line': 'sources',
  'source-line': 'sources',
  'kernel-setting': 'kernel-settings',
  'listed-shell': 'accounts',
} as const;
