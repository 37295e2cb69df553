import { expect, it } from 'vitest';
import { disableUnits } from '../../src/actions/processes.ts';
import type { Finding } from '../../src/findings/finding.ts';

const unit = (name: string) =>
  ({ id: name, subject: { kind: 'unit', unit: name, user: null, file: {} } }) as unknown as Finding;

it('stops units, and not a file whose name no unit can have: it would hold up everything after it', () => {
  const names = [
    'net\\x2dsync@a:b_c.service',
    'x\u001b[2J$(touch pwned) ; touch pwned.service',
    '-rf.service',
  ];
  expect(disableUnits(names.map(unit)).map(({ because }) => because)).toEqual([[names[0]]]);
});
