import { expect, test } from 'vitest';
import { preloadWords } from '../../src/findings/preload-words.ts';

const libraries = [{ path: '/usr/lib/libgcwrap.so', sha256: '79abde964ed0ecd6b39ccfba4a4cf2da' }];

test('a library in every program is said with its hash, and that it was stepped around', () => {
  const said = preloadWords({ libraries, isSteppedAround: true, failure: null });
  expect(said).toContain('/usr/lib/libgcwrap.so (sha256 79abde964ed0ecd6)');
  expect(said).toContain('is read without it');
  expect(said).toContain('do not believe ps, ls or ss');
});

test('where it could not be stepped around, why, and that something may be missing', () => {
  const said = preloadWords({ libraries, isSteppedAround: false, failure: 'only root can' });
  expect(said).toContain('could not be stepped around (only root can)');
  expect(said).toContain('may be missing here too');
});

test('a host without one says nothing of it', () => {
  expect(preloadWords(null)).toBeNull();
});
