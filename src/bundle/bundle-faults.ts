import { expectedFiles, isInside } from '../journal/expected-files.ts';
import type { JournalContents } from '../journal/read-journal.ts';
import { JOURNAL, MANIFEST, type Manifest, nameInBundle, SIGNATURE } from './layout.ts';
import type { ReadBundle } from './read-bundle.ts';

export interface BundleFault {
  readonly code: 'altered-file' | 'missing-file' | 'extra-file' | 'altered-record' | 'other-journal';
  readonly where: string;
  readonly message: string;
}

/** The files against the manifest, both ways. */
export function manifestFaults({ files }: ReadBundle, manifest: Manifest): BundleFault[] {
  const faults: BundleFault[] = [];
  const listed = new Set([MANIFEST, SIGNATURE]);
  for (const { name, sha256 } of manifest.files) {
    listed.add(name);
    const found = files.get(name);
    if (found === undefined)
      faults.push({
        code: 'missing-file',
        where: name,
        message: 'it is in the manifest and not in the bundle',
      });
    else if (found.sha256 !== sha256)
      faults.push({
        code: 'altered-file',
        where: name,
        message: 'its contents are not those of the manifest',
      });
  }
  for (const name of files.keys())
    if (!listed.has(name))
      faults.push({
        code: 'extra-file',
        where: name,
        message: 'it is in the bundle and not in the manifest',
      });
  return faults;
}

/** The journal against itself, and against what the manifest says of it. */
export function journalFaults(
  { about }: ReadBundle,
  manifest: Manifest,
  journal: JournalContents,
): BundleFault[] {
  const { altered, records, head } = journal;
  const first = records[0]?.event;
  const id = first?.kind === 'incident-opened' ? first.incidentId : null;
  const faults: BundleFault[] = [];
  if (altered !== null)
    faults.push({ code: 'altered-record', where: `record ${altered.seq}`, message: altered.reason });
  if (id !== about.incidentId)
    faults.push({ code: 'other-journal', where: JOURNAL, message: 'it is the journal of another incident' });
  if (head !== manifest.journalHead || records.length !== manifest.records)
    faults.push({ code: 'other-journal', where: JOURNAL, message: 'it does not end as the manifest says' });
  return faults;
}

/** What the journal itself vouches for: a manifest can be made anew, the chain cannot without all of it. */
export function vouchedFaults({ files }: ReadBundle, { records }: JournalContents): BundleFault[] {
  return [...expectedFiles(records)].flatMap(([stored, sha256]): BundleFault[] => {
    const name = isInside(stored) ? nameInBundle(stored) : null;
    const found = name === null ? undefined : files.get(name);
    if (name === null)
      return [{ code: 'missing-file', where: 'journal', message: 'it names a file outside of the incident' }];
    if (found === undefined)
      return [
        { code: 'missing-file', where: name, message: 'the journal names it, and it is not in the bundle' },
      ];
    if (found.sha256 === sha256) return [];
    return [
      { code: 'altered-file', where: name, message: 'its contents are not those that were journalled' },
    ];
  });
}
