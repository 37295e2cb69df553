import { afterEach, expect, it } from 'vitest';
import { ANSWERS } from './infected.ts';
import { type StandInHost, standInHost } from './stand-in-host.ts';

let one: StandInHost | null = null;
afterEach(() => one?.end());

const process = (pid: number, name: string) => ({ kind: 'process', pid, name, path: '' });
const file = (path: string) => ({ kind: 'file', pid: 0, name: '', path });
const answer = (...value: readonly object[]) => ({ ok: true, value });

it('a program that was not started before, and a file where things start from, are signs; what Windows always starts is none', async () => {
  one = standInHost({
    ...ANSWERS,
    'scan/await-change': {
      sequence: [
        answer(process(7, 'xmrig.exe'), process(8, 'WmiPrvSE.exe'), file('C:\\Windows\\System32\\Tasks\\x')),
        answer(process(9, 'XMRIG.EXE')),
      ],
    },
  });
  const request = { waitMs: 60_000, everyMs: 10_000 };
  expect(await one.host.awaitChange(request, {})).toMatchObject({
    signs: [
      { kind: 'process', pid: 7, name: 'xmrig.exe' },
      { kind: 'file', path: 'C:\\Windows\\System32\\Tasks\\x' },
    ],
  });
  expect((await one.host.awaitChange(request, {})).signs).toEqual([]);
  expect(one.calls().map(({ parameters }) => parameters)).toEqual([{ WaitSeconds: 10 }, { WaitSeconds: 10 }]);
});

it('where Windows does not tell of changes, the time passes and the next look is due', async () => {
  const { 'scan/await-change': _none, ...rest } = ANSWERS;
  one = standInHost(rest);
  expect(await one.host.awaitChange({ waitMs: 20, everyMs: 20 }, {})).toEqual({
    ...{ signs: [], cpuMs: 0, noticed: 0, polled: 0 },
  });
});
