import { expect, it } from 'vitest';
import { MECHANISM_NAMES } from '../../src/findings/mechanisms.ts';
import { SCAN_SCOPES } from '../../src/findings/scan.ts';
import { mechanismNotes, mechanismsDocument } from '../../src/findings/scope-notes.ts';
import { ENUMERATORS } from '../../src/host/scan/registry.ts';
import { START_READERS } from '../../src/host/scan/starts/registry.ts';

it('is what the table of mechanisms says', async () => {
  await expect(mechanismsDocument()).toMatchFileSnapshot('../../src/findings/README.md');
});

it('has a row for every scope, and every mechanism has one reader', () => {
  expect(Object.keys(ENUMERATORS).toSorted()).toEqual([...SCAN_SCOPES].toSorted());
  expect(new Set(mechanismNotes().map(({ scope }) => scope))).toEqual(new Set(SCAN_SCOPES));
  expect(START_READERS.map(({ mechanism }) => mechanism).toSorted()).toEqual([...MECHANISM_NAMES].toSorted());
});
