import { accountRights } from './account-rights.ts';
import { declaredPaths } from './allow.ts';
import { withAllowList } from './allow-list.ts';
import { aggregateCronFiles } from './cron-file.ts';
import type { IdMaker } from './draft.ts';
import { isRecognised } from './examined-signals.ts';
import type { Finding } from './finding.ts';
import { judgeConnection, judgeNamedAddress } from './judge-connection.ts';
import { judgeContainer } from './judge-container.ts';
import { judgeCronScript } from './judge-cron-script.ts';
import { judgeFile } from './judge-file.ts';
import { judgeLine } from './judge-line.ts';
import { judgeMark } from './judge-mark.ts';
import { judgeAccount, judgeDisagreement, judgeHostKey, judgePackage } from './judge-others.ts';
import { judgeProcess } from './judge-process.ts';
import { judgeSecret } from './judge-secret.ts';
import { judgeStart } from './judge-start.ts';
import { judgeUnit } from './judge-unit.ts';
import { isNothing, type KnownBad, NOTHING_KNOWN } from './known-bad.ts';
import { knownFrom } from './known-from.ts';
import { type Linked, type Links, linksOf } from './links.ts';
import type { Observation, ObservedFile } from './observation.ts';
import { programFile } from './process-program.ts';
import { relate } from './relate.ts';
import { worstFirst } from './worst-first.ts';

export interface Judgement {
  /** Worst first. */
  readonly findings: readonly Finding[];
  /** Files whose identity (hash) is needed to finish; judge again with it. */
  readonly identify: readonly string[];
  /** Package files to be compared with the package's own hashes; judge again with the answer. */
  readonly verify: readonly string[];
}

/** More rounds than any chain of entry → script → program → pool is long. */
const MOST_ROUNDS = 6;

/**
 * Judges everything that was observed. Pure.
 *
 * A cron line is judged by what it starts, a program by what starts it, an address by who talks to it. So it goes
 * in rounds: the first judges each thing by itself, the next ones by what is known to be malicious from the one
 * before, until nothing changes.
 */
export function judge(observation: Observation, id: IdMaker): Judgement {
  let known = NOTHING_KNOWN;
  let round = judgeOnce(observation, known, id);
  let before = '';
  for (let count = 0; count < MOST_ROUNDS; count += 1) {
    const signature = signatureOf(round.linked);
    if (signature === before) break;
    before = signature;
    known = knownFrom(round.linked, observation);
    if (isNothing(known)) break;
    round = judgeOnce(observation, known, id);
  }
  const findings = aggregateCronFiles(relate(round.linked), id);
  return {
    findings: findings.toSorted(worstFirst),
    identify: round.identify,
    verify: toVerify(round.linked, observation.files),
  };
}

interface Round {
  readonly linked: readonly Linked[];
  readonly identify: readonly string[];
}

function judgeOnce(observation: Observation, known: KnownBad, id: IdMaker): Round {
  const { files, setting } = observation;
  const view = { files, known, setting, id };
  const linked: Linked[] = [];
  const add = (finding: Finding | null, links: Links): void => {
    if (finding !== null) linked.push({ finding: withAllowList(finding, setting.allow), links });
  };
  const identify: string[] = [];
  const byPid = new Map(observation.processes.map((seen) => [seen.process.pid, seen]));
  const talks = Map.groupBy(observation.connections, ({ pid }) => pid);
  for (const seen of observation.processes) {
    const connections = talks.get(seen.process.pid) ?? [];
    const finding = judgeProcess(seen, { ...view, connections, processes: byPid });
    add(finding, linksOf.process(seen, files, setting));
    // By its content it can be declared to be somebody's own, and held against what was.
    const program = finding === null || finding.verdict === 'benign' ? null : programFile(seen, files);
    if (program?.identity === undefined && program !== null) identify.push(program.path);
  }
  for (const seen of observation.lines) add(judgeLine(seen, view), linksOf.line(seen, files, setting));
  for (const seen of observation.units) add(judgeUnit(seen, view), linksOf.unit(seen, files, setting));
  for (const seen of observation.starts) add(judgeStart(seen, view), linksOf.start(seen, files, setting));
  for (const seen of observation.cronScripts)
    add(judgeCronScript(seen, view, id), linksOf.cronScript(seen, files, setting));
  for (const seen of observation.containers)
    add(
      judgeContainer(seen, { known, processes: observation.processes, indicators: setting.indicators, id }),
      linksOf.container(seen, setting),
    );
  const talk = { processes: byPid, known, setting, id };
  for (const seen of observation.connections) add(judgeConnection(seen, talk), linksOf.connection(seen));
  const connected = new Set(observation.connections.map((seen) => seen.remoteAddress));
  for (const [address, by] of known.addresses) {
    if (!connected.has(address)) add(judgeNamedAddress(address, by, talk), linksOf.address(address));
  }
  identify.push(...judgeFiles(observation, known, linked, id));
  for (const seen of observation.accounts)
    add(judgeAccount(seen, accountRights(seen, observation.lines), setting, known, id), linksOf.none());
  for (const seen of observation.marks) add(judgeMark(seen, setting.indicators, id), linksOf.none());
  for (const seen of observation.hostKeys) add(judgeHostKey(seen, id), linksOf.none());
  for (const seen of observation.secrets) add(judgeSecret(seen, id), linksOf.none());
  for (const seen of observation.packages) add(judgePackage(seen, id), linksOf.none());
  for (const seen of observation.disagreements) add(judgeDisagreement(seen, id), linksOf.pid(seen.pid));
  return { linked: withoutTwins(linked), identify };
}

function judgeFiles(observation: Observation, known: KnownBad, linked: Linked[], id: IdMaker): string[] {
  const { files, setting } = observation;
  // What an address is named in is not what it is about.
  const entries = linked.filter(({ finding }) => finding.subject.kind !== 'connection');
  const entryFiles = new Set(entries.map(({ finding }) => finding.places[0]?.path ?? ''));
  const declared = new Set(declaredPaths(setting.allow));
  const byRealPath = new Map<string, ObservedFile>();
  for (const path of [
    ...[...known.wanted.values()].map((wanted) => wanted.path),
    ...observation.lyingAbout,
    ...[...files.values()]
      .filter(({ examined }) => isRecognised(examined, setting.indicators))
      .map(({ path }) => path),
    ...declared,
    ...setting.foundBefore.keys(),
  ]) {
    const file = files.get(path);
    if (file?.realPath && !byRealPath.has(file.realPath)) byRealPath.set(file.realPath, file);
  }
  const usedBy = ordinaryUse(linked, known);
  const identify: string[] = [];
  for (const [realPath, file] of byRealPath) {
    if (entryFiles.has(realPath)) continue;
    const wanted = known.wanted.get(realPath);
    const isDeclared = declared.has(realPath);
    const judged = judgeFile(file, wanted, { known, setting, usedBy, isDeclared, id });
    if (judged === 'identify') identify.push(file.path);
    else if (judged !== null) {
      const finding = withAllowList(judged, setting.allow);
      // What is as it was declared, with nothing against it, is worth no word.
      const isQuiet = isDeclared && judged.score === 0 && finding.verdict === 'benign';
      if (!isQuiet) linked.push({ finding, links: linksOf.file(realPath, file, setting) });
    }
  }
  return identify;
}

/** Files that entries use against which nothing speaks, and which did not come together with malicious ones. */
function ordinaryUse(linked: readonly Linked[], known: KnownBad): Map<string, string> {
  const out = new Map<string, string>();
  for (const { finding, links } of linked) {
    const { kind } = finding.subject;
    if ((kind !== 'file-line' && kind !== 'unit') || finding.score >= 20) continue;
    const ctime = BigInt(finding.times?.ctimeNs ?? '0');
    const came = known.bursts.some(
      (burst) => (burst > ctime ? burst - ctime : ctime - burst) < 600_000_000_000n,
    );
    if (!came) for (const { path } of links.files) out.set(path, finding.title);
  }
  return out;
}

/** The same connection seen twice, a unit reached by two names: one finding, the worse. */
function withoutTwins(linked: readonly Linked[]): Linked[] {
  const byId = new Map<string, Linked>();
  for (const one of linked) {
    const known = byId.get(one.finding.id);
    if (!known || one.finding.score > known.finding.score) byId.set(one.finding.id, one);
  }
  return [...byId.values()];
}

function signatureOf(linked: readonly Linked[]): string {
  return linked.map(({ finding }) => `${finding.id} ${finding.verdict}`).join('\n');
}

function toVerify(linked: readonly Linked[], files: ReadonlyMap<string, ObservedFile>): string[] {
  const out = new Set<string>();
  for (const { finding, links } of linked) {
    if (finding.verdict === 'benign' || finding.verdict === 'unknown') continue;
    for (const { path, named } of links.files) {
      const file = files.get(named) ?? files.get(path);
      if (file && typeof file.package === 'string' && file.integrity === 'not-checked') out.add(file.path);
    }
  }
  return [...out];
}
