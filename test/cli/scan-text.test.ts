import { describe, expect, it } from 'vitest';
import { namedScopes } from '../../src/cli/scan/named-scopes.ts';
import { parsePointInTime } from '../../src/cli/scan/point-in-time.ts';
import { scanText } from '../../src/cli/scan/scan-text.ts';
import type { Finding } from '../../src/findings/finding.ts';
import { SCAN_SCOPES, type ScanOutcome } from '../../src/findings/scan.ts';
import { inWindow } from '../../src/findings/window.ts';
import type { UserError } from '../../src/text/user-error.ts';
import { textWidth } from '../../src/text/width.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const ns = (ms: number): string => `${ms}000000`;

function finding(more: Partial<Finding> = {}): Finding {
  return {
    id: 'account:1',
    subject: { kind: 'account', account: 'ann', uid: 1000, shell: '/bin/sh', hasPassword: true },
    title: 'ann',
    verdict: 'malicious',
    score: 90,
    reasons: [{ code: 'x', text: 'It is odd', weight: 90 }],
    places: [{ path: '/etc/passwd', line: 4 }],
    attack: ['T1136.001'],
    times: null,
    owner: 'ann',
    related: [],
    ...more,
  };
}

function outcomeOf(...findings: Finding[]): ScanOutcome {
  return { findings, unknowns: [], counts: {}, tookMs: 1200 };
}

const PLAIN = {
  showAll: false,
  columns: 80,
  isAscii: false,
  paint: (_: string, text: string) => text,
  window: null,
  unread: [],
};

describe('the table of a scan', () => {
  it('fits its columns and shows no control character, whatever a host put into it', () => {
    const long = `/tmp/\x1b[2J${'n'.repeat(4000)}\n‮世界\udcff`;
    const nasty = (verdict: Finding['verdict']): Finding =>
      finding({
        title: long,
        verdict,
        owner: 'o'.repeat(300),
        reasons: Array.from({ length: 9 }, () => ({
          code: 'x',
          text: `${long} ${'word '.repeat(60)}`,
          weight: 20,
        })),
        places: Array.from({ length: 9 }, (_, at) => ({ path: `${long}${at}` })),
      });
    const outcome = {
      ...outcomeOf(nasty('malicious'), nasty('suspicious'), nasty('unknown'), nasty('benign')),
      unknowns: [{ scope: 'hidden-processes' as const, what: long, reason: long }],
    };
    for (const columns of [40, 80, 132]) {
      const lines = scanText(outcome, { ...PLAIN, showAll: true, columns }).split('\n');
      expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(columns);
      expect(lines.join('')).not.toMatch(/[\x00-\x1f\x7f\u202e\ud800-\udfff]/u);
    }
    expect(scanText(outcome, { ...PLAIN, isAscii: true })).toMatch(/^[\x20-\x7e\n]*$/);
  });

  it('says worst first what, why, where and what would take it away, and sums up', () => {
    const text = scanText(outcomeOf(finding(), finding({ verdict: 'unknown', title: 'bob' })), PLAIN);
    const [heading, , first = '', why, where, remedy] = text.split('\n');
    expect([heading, why, where]).toEqual(['MALICIOUS (1)', '      - It is odd', '      /etc/passwd:4']);
    expect(first).toMatch(/^ {2}90 {2}ann +account, ann$/);
    expect(remedy).toMatch(/^ {6}remedy: \S/);
    expect(text.indexOf('NOT KNOWN')).toBeGreaterThan(text.indexOf('MALICIOUS'));
    expect(text).toContain('1 malicious, 0 suspicious, 1 not known, 0 could not be looked at, took 1.2 s.');
  });

  it('has a colour for each verdict, quiet ones for what is beside it, and none that was not asked for', () => {
    const paint = (style: string, text: string): string => `<${style}>${text}</>`;
    const dark = finding({ verdict: 'suspicious', title: 'bob', score: 50 });
    const text = scanText(outcomeOf(finding(), dark, finding({ verdict: 'unknown' })), { ...PLAIN, paint });
    expect(text).toContain('<bad>MALICIOUS (1)</>\n\n<bad>  90</>  <strong>ann</>');
    expect(text).toContain('<warn>SUSPICIOUS (1)</>\n\n<warn>  50</>  <strong>bob</>');
    expect(text).toContain('<accent>      /etc/passwd:4</>');
    expect(text).toContain('<dim>      T1136.001</>');
    expect(scanText(outcomeOf(finding(), dark), PLAIN)).not.toContain('<');
  });

  it('does not say again what the title says, and says when', () => {
    const path = '/tmp/.x/run';
    const reasons = [`In ${path}: It speaks stratum`, `${path} is hidden`, `${path}s are other things`];
    const text = scanText(
      outcomeOf(
        finding({
          title: path,
          reasons: reasons.map((one) => ({ code: 'x', text: one, weight: 40 })),
          times: { mtimeNs: ns(0), ctimeNs: ns(NOW) },
          package: 'cron',
        }),
        finding({ beganAtMs: NOW - 60_000 }),
      ),
      PLAIN,
    );
    for (const line of ['- It speaks stratum', '- It is hidden', `- ${path}s are other things`])
      expect(text).toContain(`      ${line}\n`);
    // What a file says of itself can be set by anybody.
    const flat = text.replace(/\s+/g, ' ');
    expect(flat).toContain('changed 2026-11-23 12:00Z (dated 1970-01-01 00:00Z), package cron, T1136.001 ');
    expect(text).toContain('      since 2026-11-23 11:59Z, T1136.001\n');
  });

  it('tells in one entry what could not be looked at for one reason', () => {
    const reason = 'no permission to read it';
    const unknowns = ['/root', '/srv/a'].map((what) => ({ scope: 'secrets' as const, what, reason }));
    const text = scanText({ ...outcomeOf(), unknowns }, PLAIN);
    expect(text).toContain('  secrets           /root, /srv/a: no permission to read it\n');
    expect(text).toContain('2 could not be looked at');
  });

  it('tells many of one kind in two lines, and each of them if all is asked for', () => {
    const update = (at: number) =>
      finding({
        verdict: 'unknown',
        title: `lib${at} 1.0 → 1.1`,
        reasons: [{ code: 'x', text: 'It waits', weight: 20 }],
      });
    const many = outcomeOf(
      ...Array.from({ length: 30 }, (_, at) => update(at)),
      finding({ verdict: 'unknown', title: 'eve' }),
    );
    const text = scanText(many, PLAIN);
    expect(text).toMatch(
      /\n {2}90 {2}30 of one kind: account +It waits\n {8}lib0, lib1, .*… \(--all\)\n {2}90 {2}eve /,
    );
    expect(Math.max(...text.split('\n').map(textWidth))).toBeLessThanOrEqual(80);
    expect(scanText(many, { ...PLAIN, showAll: true })).toContain('lib29 1.0 → 1.1');
  });

  it('says what it did not read, and that a whole scan may judge worse', () => {
    const text = scanText(outcomeOf(), { ...PLAIN, unread: ['cron', 'units'] });
    expect(text).toContain('Not read: cron, units.');
    expect(text).toContain('judge worse');
  });
});

describe('--since', () => {
  it('keeps what has changed, started or logged in since then, and what has no time', () => {
    const old = { mtimeNs: ns(NOW - 9e8), ctimeNs: ns(NOW - 9e8) };
    const all = [
      finding({ id: 'old', times: old }),
      finding({ id: 'touched back', times: { mtimeNs: ns(NOW - 9e8), ctimeNs: ns(NOW - 1000) } }),
      finding({ id: 'started', times: old, beganAtMs: NOW - 1000 }),
      finding({ id: 'no time' }),
    ];
    const window = inWindow(all, NOW - 60_000);
    expect(window.findings.map(({ id }) => id)).toEqual(['touched back', 'started', 'no time']);
    expect(window).toMatchObject({ older: 1, withoutTime: 1 });
    const text = scanText(outcomeOf(...window.findings), { ...PLAIN, window: { ...window, sinceMs: NOW } });
    expect(text.replace(/\s+/g, ' ')).toContain('1 older left out; 1 of which no time is known stayed.');
  });

  it.each([
    ['2h', NOW - 7_200_000],
    ['2026-11-23T08:15Z', Date.parse('2026-11-23T08:15:00Z')],
    ['2026-11-23 08:15+01:00', Date.parse('2026-11-23T07:15:00Z')],
    ['2026-11-20', new Date(2026, 10, 20).getTime()],
    ['2 days ago', NOW - 172_800_000],
    ['3 Hours', NOW - 10_800_000],
    ['90 m', NOW - 5_400_000],
    ['1h30m ago', NOW - 5_400_000],
    ['1 week ago', NOW - 604_800_000],
    ['2026-11-23t08:15:00.5z', Date.parse('2026-11-23T08:15:00.500Z')],
    // As stat and ls --full-time write it.
    ['2026-11-23 08:15:00.123456789 +0100', Date.parse('2026-11-23T07:15:00.123Z')],
  ])('takes %s', (text, time) => {
    expect(parsePointInTime(text, NOW)).toBe(time);
  });

  it('takes a time of day as the last one', () => {
    for (const text of ['00:00', '11:59', '23:59']) {
      const at = parsePointInTime(text, NOW);
      expect(at).toBeLessThanOrEqual(NOW);
      expect(at).toBeGreaterThan(NOW - 86_400_001);
    }
  });

  it('takes yesterday from its midnight', () => {
    const midnight = new Date(NOW).setHours(0, 0, 0, 0);
    expect(parsePointInTime('today', NOW)).toBe(midnight);
    expect(parsePointInTime('yesterday', NOW)).toBe(new Date(midnight).setHours(-24));
  });

  it.each(['tomorrow', '25:00', '2027-01-01', '2026-02-30', '-1d', '20', ''])(
    'refuses %j, with what is understood',
    (text) => {
      expect(() => parsePointInTime(text, NOW)).toThrow(expect.objectContaining({ code: 'bad-time' }));
    },
  );
});

describe('--only', () => {
  it('takes names with commas, again and again, in any case', () => {
    expect(namedScopes(undefined)).toEqual(SCAN_SCOPES);
    expect(namedScopes(['units, Cron', 'processes'])).toEqual(['processes', 'cron', 'units']);
  });

  it.each([
    ['process', 'processes'],
    ['crontab', 'cron'],
    ['timers', 'units'],
    ['suid', null],
    ['web_shell', 'web-shells'],
    ['authorised-keys', 'authorized-keys'],
    ['', null],
  ])('refuses %j, and says what may be meant and what there is', (name, meant) => {
    try {
      namedScopes([name]);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({
        code: 'unknown-scope',
        hint: expect.stringContaining('There are: processes, '),
      });
      const { hint } = error as UserError;
      if (meant === null) expect(hint).not.toContain('meant?');
      else expect(hint).toContain(`Is \`--only ${meant}\` meant?`);
    }
  });
});
