import type { Finding } from './finding.ts';
import { isOdd } from './finding.ts';
import type { Linked } from './links.ts';

/** Tells each finding which others belong with it: process ↔ connection ↔ entry ↔ file. Both ways. */
export function relate(linked: readonly Linked[]): Finding[] {
  const pairs = new Map<string, Set<string>>();
  const join = (a: string, b: string): void => {
    if (a === b) return;
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      const others = pairs.get(from) ?? new Set<string>();
      others.add(to);
      pairs.set(from, others);
    }
  };
  const groups = new Map<string, string[]>();
  const put = (key: string, id: string): void => {
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [id]);
    else group.push(id);
  };
  for (const { finding, links } of linked) {
    if (links.pid !== null) put(`pid ${links.pid}`, finding.id);
    if (finding.subject.kind === 'connection') put(`to ${finding.subject.remoteAddress}`, finding.id);
    if (finding.subject.kind === 'file') put(`file ${finding.subject.file.path}`, finding.id);
    if (finding.subject.kind === 'unit') put(`unit ${finding.subject.unit}`, finding.id);
  }
  for (const { finding, links } of linked) {
    // A thing that is not blamed is related to nothing by an address or a file it shares.
    const keys = [
      ...(links.pid === null ? [] : [`pid ${links.pid}`]),
      ...(isOdd(finding) ? links.addresses.map((address) => `to ${address}`) : []),
      ...links.files.map(({ path }) => `file ${path}`),
      ...(links.unit === null ? [] : [`unit ${links.unit}`]),
      ...(links.activates === null ? [] : [`unit ${links.activates}`]),
    ];
    for (const key of keys) for (const other of groups.get(key) ?? []) join(finding.id, other);
  }
  const ids = new Set(linked.map(({ finding }) => finding.id));
  return linked.map(({ finding }) => ({
    ...finding,
    related: [...new Set([...finding.related, ...(pairs.get(finding.id) ?? [])])]
      .filter((id) => ids.has(id))
      .toSorted(),
  }));
}
