import type { Declaration } from './allow.ts';
import type { RuleSource } from './file-rules.ts';
import type { Finding } from './finding.ts';
import type { FoundBefore } from './found-before.ts';
import type { IndicatorSet } from './indicator.ts';

/** The parts a scan can be asked for. Adding an enumerator is adding a file and a line in host/scan/registry.ts. */
export const SCAN_SCOPES = [
  'processes',
  'connections',
  'hidden-processes',
  'cron',
  'units',
  'containers',
  'shell-start',
  'preload',
  'authorized-keys',
  'hosts-file',
  'dropped-files',
  'accounts',
  'host-keys',
  'packages',
  'second-opinion',
  'at-jobs',
  'boot',
  'session',
  'tool-hooks',
  'sudo',
  'sshd',
  'pam',
  'tools',
  'set-id',
  'sources',
  'kernel-settings',
  'impairment',
  'firewall',
  'web-shells',
  'secrets',
  'entry-points',
] as const;
export type ScanScope = (typeof SCAN_SCOPES)[number];

export interface ScanRequest {
  readonly scopes: readonly ScanScope[];
  /** Between the two CPU samples, at least. */
  readonly sampleMs: number;
  /** The responder's own, beside the shipped ones. */
  readonly indicators?: readonly IndicatorSet[];
  /** Rules over the content of suspects and of what starts by itself. None: no file is examined by rules. */
  readonly rules?: readonly RuleSource[];
  /** What the responder has declared to be their own. */
  readonly allow?: readonly Declaration[];
  /** Files that earlier looks of the incident found to be malicious. */
  readonly foundBefore?: readonly FoundBefore[];
}

export interface ScanOutcome {
  /** Worst first. Includes what was judged benign but looks odd, so that a responder can see it was looked at. */
  readonly findings: readonly Finding[];
  /** What could not be looked at, and why. Never empty silence: a scope that failed is here. */
  readonly unknowns: readonly ScanUnknown[];
  /** What was looked at, for "looked at N, found M". */
  readonly counts: Readonly<Partial<Record<ScanScope, number>>>;
  readonly tookMs: number;
  /** What all processes together used between the two samples, in percent of one core; left out: not sampled. */
  readonly busyPercent?: number;
  /** Of `tookMs`, spent idle until it was time for the second sample. */
  readonly waitedMs?: number;
}

export interface ScanUnknown {
  readonly scope: ScanScope;
  readonly what: string;
  readonly reason: string;
}

export interface ScanProgress {
  readonly scope: ScanScope;
  readonly done: number;
  readonly total: number;
  /** What of the scope is under way, where that takes its time. */
  readonly part?: 'rules';
}
