import { type EntryReader, type EntryReading, replacing } from './reading.ts';

/** KubeletConfiguration (kubernetes.io, kubelet-config.v1beta1): anonymous, AlwaysAllow and the read-only port. */
export const readKubelet: EntryReader = (lines) => {
  const readings: EntryReading[] = [];
  const add = (index: number, what: string, port: number, isOpenToAll: boolean, text: string): void => {
    readings.push({
      what,
      line: index + 1,
      value: (lines[index] ?? '').trim(),
      port,
      isOpenToAll,
      advice:
        'Whoever reaches it can start programs in every pod. Let only the cluster’s own client certificates in.',
      ...replacing(lines, index, text),
    });
  };
  const isAnonymous = indexBelow(lines, /^\s*anonymous:\s*$/, /^\s+enabled:\s*true\b/);
  const allowsAll = lines.findIndex((line) => /^\s*mode:\s*AlwaysAllow\b/.test(line));
  if (isAnonymous >= 0)
    add(
      isAnonymous,
      'The kubelet answers anybody',
      10250,
      allowsAll >= 0,
      (lines[isAnonymous] ?? '').replace('true', 'false'),
    );
  if (allowsAll >= 0)
    add(
      allowsAll,
      'The kubelet lets everybody do everything',
      10250,
      isAnonymous >= 0,
      (lines[allowsAll] ?? '').replace('AlwaysAllow', 'Webhook'),
    );
  const readOnly = lines.findIndex((line) => /^readOnlyPort:\s*[1-9]/.test(line));
  if (readOnly >= 0) add(readOnly, 'The kubelet tells everybody what runs', 10255, false, 'readOnlyPort: 0');
  return readings;
};

/** The line that matches `child` right below one that matches `parent`, and deeper than it. */
function indexBelow(lines: readonly string[], parent: RegExp, child: RegExp): number {
  const at = lines.findIndex((line) => parent.test(line));
  if (at < 0) return -1;
  const depth = (lines[at] ?? '').search(/\S/);
  for (let index = at + 1; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    if (line.trim() === '') continue;
    if (line.search(/\S/) <= depth) return -1;
    if (child.test(line)) return index;
  }
  return -1;
}
