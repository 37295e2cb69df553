import { expect, test } from 'vitest';
import { HOLED_PROGRAMS, type HoledProgramName } from '../../src/findings/holed-programs.ts';
import { holesOf } from '../../src/findings/known-holes.ts';
import { compareVersions, isVersion } from '../../src/findings/version-order.ts';

/** By program: versions that have a hole, and versions of the same lines that have none. */
const BOUNDS: Readonly<Record<HoledProgramName, { open: readonly string[]; mended: readonly string[] }>> = {
  'next.js': {
    open: [
      '14.3.0-canary.77',
      '15.0.0-canary.12',
      '15.0.0',
      '15.0.4',
      '15.1.8',
      '15.2.5',
      '15.3.5',
      '15.4.7',
      '15.5.6',
      '15.6.0-canary.57',
      '16.0.0-beta.0',
      '16.0.6',
      '16.1.0-canary.11',
    ],
    mended: [
      '13.5.6',
      '14.2.33',
      '14.3.0-canary.76',
      '14.3.0-canary.88',
      '15.0.5',
      '15.1.9',
      '15.2.6',
      '15.3.6',
      '15.4.8',
      '15.5.7',
      '15.5.18',
      '15.6.0-canary.58',
      '16.0.7',
      '16.1.0-canary.12',
      '16.1.0',
      '16.2.6',
    ],
  },
  'react-server-dom': {
    open: ['19.0.0', '19.1.0', '19.1.1', '19.2.0'],
    mended: ['18.3.1', '19.0.1', '19.1.2', '19.2.1', '19.3.0'],
  },
  log4j: {
    open: ['2.0-beta9', '2.0-rc1', '2.0', '2.3', '2.4', '2.12.1', '2.13.0', '2.14.1', '2.15.0'],
    mended: [
      '1.2.17',
      '2.0-beta8',
      '2.3.1',
      '2.3.2',
      '2.12.2',
      '2.12.4',
      '2.16.0',
      '2.17.1',
      '2.24.3',
      '3.0.0-beta2',
    ],
  },
  gitlab: {
    open: ['11.9.0', '12.10.14', '13.8.7', '13.9.0', '13.9.5', '13.10.2'],
    mended: ['11.8.10', '13.8.8', '13.9.6', '13.10.3', '13.12.15', '17.5.1'],
  },
  confluence: {
    open: [
      '5.10.8',
      '7.4.16',
      '7.10.2',
      '7.13.6',
      '7.14.2',
      '7.15.1',
      '7.16.3',
      '7.17.3',
      '7.18.0',
      '8.0.0',
      '8.5.3',
    ],
    mended: [
      '7.4.17',
      '7.13.7',
      '7.13.20',
      '7.14.3',
      '7.15.2',
      '7.16.4',
      '7.17.4',
      '7.18.1',
      '7.19.16',
      '8.5.4',
      '8.6.0',
      '9.2.1',
    ],
  },
  metabase: {
    open: ['0.43.7', '0.44.7', '0.45.4', '0.46.6', '1.46.6', '1.43.7.1'],
    mended: ['0.43.7.2', '0.44.7.1', '0.45.4.1', '0.46.6.1', '1.46.6.1', '0.47.0', '1.50.3'],
  },
  weblogic: {
    open: ['10.3.6.0.0', '12.1.3.0.0', '12.2.1.3.0', '12.2.1.4.0', '14.1.1.0.0'],
    mended: ['12.2.1.2.0', '14.1.2.0.0', '15.1.1.0.0'],
  },
  activemq: {
    open: ['5.11.1', '5.15.15', '5.16.6', '5.17.5', '5.18.2'],
    mended: ['5.15.16', '5.16.7', '5.17.6', '5.18.3', '5.19.0', '6.0.0'],
  },
  nacos: { open: ['1.0.0', '1.4.0'], mended: ['1.4.1', '2.2.0'] },
  rocketmq: {
    open: ['4.9.5', '4.9.6', '5.0.0', '5.1.0', '5.1.1'],
    mended: ['4.9.7', '5.1.2', '5.3.0'],
  },
  'xxl-job': { open: ['1.8.2', '2.2.0'], mended: ['2.3.0', '2.4.1'] },
  jenkins: {
    open: ['1.658', '2.426.2', '2.440', '2.441'],
    mended: ['2.426.3', '2.440.1', '2.442', '2.479.3'],
  },
  'php-cgi': {
    open: ['5.6.40', '7.4.33', '8.0.30', '8.1.28', '8.2.12', '8.2.19', '8.3.7'],
    mended: ['8.1.29', '8.2.20', '8.3.8', '8.4.1'],
  },
  phpmyadmin: {
    open: ['2.11.9.4', '3.1.3', '4.8.0', '4.8.1'],
    mended: ['2.11.9.5', '3.1.3.1', '4.7.9', '4.8.2', '5.2.1'],
  },
};

test.each(Object.entries(BOUNDS))(
  '%s: the last that is open and the first that is mended',
  (name, { open, mended }) => {
    const program = name as HoledProgramName;
    expect(open.filter((version) => !isOpen(program, version))).toEqual([]);
    expect(mended.filter((version) => isOpen(program, version))).toEqual([]);
  },
);

function isOpen(program: HoledProgramName, version: string): boolean {
  const holes = holesOf(program, version);
  return holes !== null && holes !== 'unreadable';
}

test('the version to go to has none of the holes', () => {
  expect(holesOf('rocketmq', '4.9.5')).toMatchObject({
    cves: ['CVE-2023-33246', 'CVE-2023-37582'],
    mendedIn: '4.9.7',
    onlyIf: null,
  });
  for (const name of Object.keys(HOLED_PROGRAMS) as HoledProgramName[])
    for (const { versions } of HOLED_PROGRAMS[name].holes)
      for (const { from, before } of versions) {
        expect(compareVersions(from, before)).toBeLessThan(0);
        const holes = holesOf(name, from);
        if (holes === null || holes === 'unreadable') throw new Error(`${name} ${from}`);
        // Of Log4j 2.15.0 alone it is a matter of settings what is left.
        const next = holesOf(name, holes.mendedIn);
        expect(next === null || (next !== 'unreadable' && next.onlyIf !== null)).toBe(true);
      }
});

test.each([
  '2.14.1.redhat-00001',
  '5.17.2+dfsg',
  '15.0.3-acme',
  '',
  'latest',
  '1'.repeat(400),
  '2.0-beta9.9',
  '1.2.3.4.5.6.7',
])('a version of another form (%s) is not compared with anything', (version) => {
  expect(isVersion(version)).toBe(false);
  expect(holesOf('log4j', version)).toBe('unreadable');
});
