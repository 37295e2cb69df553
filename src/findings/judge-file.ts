import { basename, isInterpreter } from './command-reading.ts';
import { finish, type IdMaker, pardon } from './draft.ts';
import { examinedSignals } from './examined-signals.ts';
import type { FileSubject, Finding } from './finding.ts';
import { foundBeforeSignals } from './found-before.ts';
import { contentSignals } from './judge-process.ts';
import { ownFolder } from './kin-signals.ts';
import { cameWith, isVouchedFor, type KnownBad, type WantedFile } from './known-bad.ts';
import type { ObservedFile, Setting } from './observation.ts';
import { hidingPart, isTempPath, placeSignals } from './place-signals.ts';
import { scriptSignals } from './script-signals.ts';
import type { Signal } from './weigh.ts';

export interface FileView {
  readonly known: KnownBad;
  readonly setting: Setting;
  /** Real paths that something nobody blames uses, with what that is. */
  readonly usedBy: ReadonlyMap<string, string>;
  /** Somebody has said that it is theirs: whether it is as it was then has to be told. */
  readonly isDeclared: boolean;
  readonly id: IdMaker;
}

/**
 * A file that was found lying about, or that something malicious leads to.
 * null: nothing about it is worth a word; 'identify': it is, but its hash is not known yet.
 */
export function judgeFile(
  file: ObservedFile,
  wanted: WantedFile | undefined,
  view: FileView,
): Finding | null | 'identify' {
  if (file.kind !== 'file' || isNeverBlamed(file, view.setting)) return null;
  const before = view.setting.foundBefore.get(file.realPath ?? file.path);
  const isKnown = view.isDeclared || before !== undefined;
  const signals = [...fileSignals(file, wanted, view), ...foundBeforeSignals(before, file.identity?.sha256)];
  const isProgram = file.content === 'elf' || file.content === 'script' || (file.mode & 0o111) !== 0;
  if (!isKnown && !isProgram && !signals.some((signal) => signal.weight >= 50)) return null;
  // Builds leave programs in /tmp by the hundred: without a sign of its own only one right at the top is shown.
  const isAtTop = /^\/(?:tmp|var\/tmp|dev\/shm|run\/user\/\d+)\/[^/]+$/.test(file.realPath ?? file.path);
  const isSaid = wanted !== undefined || isKnown;
  if (!isSaid && !signals.some((signal) => signal.weight >= (isAtTop ? 20 : 40))) return null;
  if (file.identity === undefined) return 'identify';
  if (file.identity === null) return null;
  const finding = finish({
    id: view.id('file', file.identity.path),
    subject: { kind: 'file', role: roleOf(file, wanted), file: file.identity },
    title: file.identity.path,
    signals,
    places: [{ path: file.identity.path }],
    attack: [
      'T1105',
      ...(hidingPart(file.identity.path, view.setting.indicators) === null ? [] : ['T1564.001']),
    ],
    times: { mtimeNs: file.mtimeNs, ctimeNs: file.ctimeNs },
    owner: file.owner,
    ...(file.package === undefined ? {} : { package: file.package }),
    related: wanted?.by ?? [],
  });
  if (view.setting.protectedExeInodes.has(file.inode ?? '')) {
    return pardon(finding, 'responder', 'The responder’s own session runs this program; it is never moved');
  }
  return finding;
}

function roleOf(file: ObservedFile, wanted: WantedFile | undefined): FileSubject['role'] {
  if (wanted?.use === 'preloaded') return 'preload-library';
  return file.content === 'elf' ? 'dropped-executable' : 'script';
}

function fileSignals(file: ObservedFile, wanted: WantedFile | undefined, view: FileView): Signal[] {
  const path = file.realPath ?? file.path;
  const { indicators } = view.setting;
  const own = [
    ...placeSignals(path, wanted !== undefined, indicators),
    ...scriptSignals(file, indicators),
    ...contentSignals(file),
    ...examinedSignals(file.examined, indicators),
  ];
  const signals = [...own];
  const isHidden = own.some(({ topic, weight }) => topic === 'hidden' && weight >= 40);
  const isOddPlace = isTempPath(path) || isHidden;
  if (wanted)
    signals.push(
      ...wantedSignals(
        file,
        wanted,
        view,
        own.some(({ weight }) => weight >= 40),
      ),
    );
  const beside = view.known.folders.get(ownFolder(path) ?? '');
  // Not for what merely shares a folder: a miner may have been dropped into somebody's own.
  if (isHidden && beside !== undefined && beside !== path && cameWith(file, view.known.bursts)) {
    const text = `It came within ten minutes of ${beside}, which is malicious, and lies beside it`;
    signals.push({ topic: 'association', code: 'beside-malicious', text, weight: 45 });
  }
  const user = view.usedBy.get(path);
  if (wanted && user !== undefined && !isOddPlace) {
    signals.push({
      topic: 'used',
      code: 'also-used',
      text: `${user} uses it too, and nothing speaks against that`,
      weight: -60,
    });
  }
  // As if somebody did: what was not read must not condemn.
  if (wanted && user === undefined && !isOddPlace && !view.setting.areUsersRead) {
    signals.push({
      topic: 'used',
      code: 'users-not-read',
      text: 'Whether anything ordinary uses it too was not looked at',
      weight: -60,
    });
  }
  if (isVouchedFor(file)) {
    signals.push({
      topic: 'package',
      code: 'owned',
      text: `It is from the package ${file.package}`,
      weight: -100,
    });
  } else if (file.integrity === 'changed') {
    signals.push({
      topic: 'package',
      code: 'changed-program',
      text: `It is not as the package ${file.package} installed it`,
      weight: 45,
    });
  } else if (file.package === null) {
    signals.push({ topic: 'package', code: 'unowned', text: 'No package owns it', weight: 5 });
  }
  return signals;
}

function wantedSignals(file: ObservedFile, wanted: WantedFile, view: FileView, isOdd: boolean): Signal[] {
  const isSure = wanted.verdict === 'malicious';
  const isStrongUse = wanted.use === 'executable' || wanted.use === 'preloaded' || isOdd;
  const what = wanted.use === 'named' ? 'names it' : wanted.use === 'written' ? 'writes it' : 'starts it';
  if (isLure(file, wanted)) {
    const lure = `${wanted.title}, which is ${wanted.verdict}, names a link that leads to it; whoever laid the link chose what it leads to`;
    return [{ topic: 'association', code: 'linked-by-malicious', text: lure, weight: 25 }];
  }
  const text = `${wanted.title}, which is ${wanted.verdict}, ${wanted.use === 'executable' ? 'is this program' : what}`;
  const came = wanted.ctimeNs === null ? view.known.bursts : [BigInt(wanted.ctimeNs)];
  const isNew = cameWith(file, came);
  const full = wanted.use === 'named' ? (isOdd || isNew ? 50 : 25) : isStrongUse ? 90 : 45;
  const signals: Signal[] = [
    { topic: 'association', code: 'behind-malicious', text, weight: isSure ? full : Math.min(full, 25) },
  ];
  if (isSure && isNew) {
    signals.push({
      topic: 'burst',
      code: 'same-time',
      text: 'It came within ten minutes of what starts it',
      weight: 40,
    });
  }
  return signals;
}

/**
 * Reached by a link out of a folder that everybody may write to: anything on the host can be named so, to have it taken
 * away by whoever follows. The entry that names it is bad by itself; the file must be so by its own looks.
 */
function isLure(file: ObservedFile, wanted: WantedFile): boolean {
  const { realPath } = file;
  const isByName = wanted.use === 'run' || wanted.use === 'named' || wanted.use === 'written';
  return isByName && realPath !== null && isTempPath(wanted.path) && !isTempPath(realPath);
}

/** Interpreters, and files that are the host's own whoever names them. */
function isNeverBlamed(file: ObservedFile, setting: Setting): boolean {
  const path = file.realPath ?? file.path;
  if (OWN.test(path)) return true;
  const isOdd = placeSignals(path, true, setting.indicators).some(({ weight }) => weight >= 40);
  if (isInterpreter(basename(path)) && !isOdd) return true;
  return setting.protectedExeInodes.has(file.inode ?? '') && !isOdd;
}

const OWN =
  /^(\/proc\/|\/sys\/|\/boot\/|\/etc\/(passwd|shadow|group|gshadow|sudoers|hosts|resolv\.conf|fstab|profile|environment|crontab|ssh\/|ld\.so\.preload|bash\.bashrc)|.*\/\.(bashrc|profile|bash_profile|bash_login|bash_logout|zshrc|zprofile|zshenv)$|.*\/\.ssh\/|\/var\/spool\/cron\/)/;
