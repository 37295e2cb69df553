import { expect, test } from 'vitest';
import { readSourceFiles } from './source-files.ts';

/** Only a fault of our own can bring them about: a receipt that no version of ours has written, a step left out. */
const OUR_FAULT: ReadonlySet<string> = new Set([
  'host/perform/receipt-fields.ts',
  'host/perform/reinstall-package.ts',
]);

test('what an operation meets on the host is told as such: a plain Error is called a bug and ends the run', () => {
  const plain = readSourceFiles()
    .filter(({ path }) => /^host\/(perform|firewall)\//.test(path) && !OUR_FAULT.has(path))
    .flatMap(({ path, text }) => (/throw new (?:Type|Range)?Error\(/.test(text) ? [path] : []));
  expect(plain).toEqual([]);
});
