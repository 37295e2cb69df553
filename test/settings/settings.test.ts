import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changeSetting, readSettings, settingsFolder } from '../../src/settings/settings.ts';
import { plainlyFit } from '../../src/settings/settings-fit.ts';
import { DEFAULT_SETTINGS } from '../../src/settings/settings-schema.ts';
import { readValid } from '../../src/settings/settings-store.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'settings-'));
  path = join(folder, 'settings.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const stored = (): unknown => JSON.parse(readFileSync(path, 'utf8'));

describe('readSettings', () => {
  it('gives the defaults and writes nothing when there is no file', async () => {
    expect(await readSettings(folder)).toEqual({ path, settings: DEFAULT_SETTINGS, remarks: [] });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('fills up with defaults, also below the top', async () => {
    writeFileSync(path, JSON.stringify({ responder: 'ana', defaults: { sampleMs: 500 } }));
    const { settings, remarks } = await readSettings(folder);
    expect(remarks).toEqual([]);
    expect(settings.responder).toBe('ana');
    expect(settings.defaults).toEqual({ ...DEFAULT_SETTINGS.defaults, sampleMs: 500 });
    expect(stored()).toEqual({ responder: 'ana', defaults: { sampleMs: 500 } });
  });

  it.each([
    ['{"responder": "an', /cannot be read as JSON/],
    ['', /cannot be read as JSON/],
    ['[1]', /JSON object/],
    ['null', /JSON object/],
  ])('goes on with the defaults, says why, and leaves the file as it is: %j', async (text, why) => {
    writeFileSync(path, text);
    const { settings, remarks } = await readSettings(folder);
    expect(settings).toEqual(DEFAULT_SETTINGS);
    expect(remarks).toEqual([expect.stringMatching(why)]);
    expect(remarks[0]).toContain(path);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('leaves out only what is wrong, and names it', async () => {
    const text = JSON.stringify({ theme: 'pink', ascii: true, thme: 'dark', defaults: { sampleMs: -1 } });
    writeFileSync(path, text);
    const { settings, remarks } = await readSettings(folder);
    expect(settings).toEqual({ ...DEFAULT_SETTINGS, ascii: true });
    expect(remarks).toHaveLength(3);
    expect(remarks.join('\n')).toMatch(
      /theme.*\n.*"thme" is no setting; there are responder.*\n.*defaults\/sampleMs/,
    );
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('does not let others than root steer root', async () => {
    writeFileSync(path, JSON.stringify({ incidentFolder: '/tmp/theirs' }));
    chmodSync(path, 0o666);
    const { settings, remarks } = await readSettings(folder);
    const isRoot = process.geteuid?.() === 0;
    expect(settings.incidentFolder).toBe(isRoot ? null : '/tmp/theirs');
    expect(remarks).toHaveLength(isRoot ? 1 : 0);
  });

  it('lives where the XDG specification says', () => {
    const before = process.env.XDG_CONFIG_HOME;
    process.env.XDG_CONFIG_HOME = '/somewhere';
    try {
      expect(settingsFolder()).toBe('/somewhere/tourniquet');
    } finally {
      if (before === undefined) delete process.env.XDG_CONFIG_HOME;
      else process.env.XDG_CONFIG_HOME = before;
    }
  });
});

describe('plainlyFit', () => {
  const whole = { responder: 'ana', incidentFolder: '/srv', theme: 'mono', ascii: true, defaults: {} };

  it('takes what is plainly right without asking the validator', () => {
    expect(plainlyFit({})).toEqual({});
    expect(plainlyFit(whole)).toEqual(whole);
    expect(plainlyFit(DEFAULT_SETTINGS)).toEqual(DEFAULT_SETTINGS);
  });

  it('never accepts what the schema does not', () => {
    const odd = fc.oneof(
      fc.constantFrom('', '/', 'x', 'dark', null, true, 0, 99, 100, 1.5, 60_001, [], {}, 'x'.repeat(201)),
      fc.jsonValue(),
    );
    const key = fc.constantFrom(
      'responder',
      'incidentFolder',
      'theme',
      'ascii',
      'defaults',
      'other',
      '__proto__',
    );
    const defaults = fc.dictionary(fc.constantFrom('playbook', 'sampleMs', 'other'), odd);
    const file = fc.oneof(fc.dictionary(key, odd), fc.record({ defaults }), odd);
    writeFileSync(path, '{}');
    fc.assert(
      fc.property(file, (value) => {
        const text = JSON.stringify(value);
        if (plainlyFit(JSON.parse(text)) === null) return;
        writeFileSync(path, text);
        expect(readValid(folder, 'settings').problems).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

describe('changeSetting', () => {
  it('writes one setting, for its owner’s eyes only, and takes it back', async () => {
    expect(await changeSetting('theme', 'light', folder)).toBeNull();
    expect(await changeSetting('responder', 'ana', folder)).toBeNull();
    expect(stored()).toEqual({ theme: 'light', responder: 'ana' });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await changeSetting('theme', undefined, folder)).toBeNull();
    expect((await readSettings(folder)).settings).toEqual({ ...DEFAULT_SETTINGS, responder: 'ana' });
  });

  it.each([true, false])('refuses what does not fit (with a file already there: %s)', async (isThere) => {
    if (isThere) await changeSetting('responder', 'ana', folder);
    expect(await changeSetting('incidentFolder', 'relative', folder)).toMatch(
      /"incidentFolder" was not written/,
    );
    expect((await readSettings(folder)).settings.incidentFolder).toBeNull();
  });

  it('keeps what it does not know', async () => {
    writeFileSync(path, JSON.stringify({ fromTheFuture: 1, ascii: 'yes' }));
    expect(await changeSetting('theme', 'mono', folder)).toBeNull();
    expect(stored()).toEqual({ fromTheFuture: 1, ascii: 'yes', theme: 'mono' });
  });

  it('moves a file aside that it cannot read, rather than overwrite it', async () => {
    writeFileSync(path, '{"responder": "an');
    expect(await changeSetting('theme', 'light', folder)).toBeNull();
    expect(stored()).toEqual({ theme: 'light' });
    const aside = readdirSync(folder).find((name) => name.startsWith('settings.json.unreadable-'));
    expect(readFileSync(join(folder, aside ?? ''), 'utf8')).toBe('{"responder": "an');
  });

  it('says why when it cannot write', async () => {
    writeFileSync(join(folder, 'file'), '');
    expect(await changeSetting('theme', 'light', join(folder, 'file', 'under'))).toMatch(
      /was not written: .*ENOTDIR/,
    );
  });
});
