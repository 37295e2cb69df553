import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fold } from '../../src/engine/reduce.ts';
import { parseJournal } from '../../src/journal/read-journal.ts';
import { renderAsciicast } from '../../src/transcript/asciicast.ts';
import { renderCsv } from '../../src/transcript/csv.ts';
import { renderHashes, renderSigma, renderYara } from '../../src/transcript/hash-lists.ts';
import { renderHtml } from '../../src/transcript/html.ts';
import { renderJson } from '../../src/transcript/json.ts';
import { renderMarkdown } from '../../src/transcript/markdown.ts';
import { renderStix } from '../../src/transcript/stix.ts';
import { renderTimesketch } from '../../src/transcript/timesketch.ts';

/** The noisy drill as it was really run, in every format: what `tourniquet transcript` gives to look at. */
const journal = join(import.meta.dirname, '../journals/noisy-drill.format-1.jsonl');
const { records, head, altered } = parseJournal(readFileSync(journal));

test.each([
  ['md', renderMarkdown],
  ['html', renderHtml],
  ['json', renderJson],
  ['csv', renderCsv],
  ['stix.json', renderStix],
  ['timesketch.jsonl', renderTimesketch],
  ['cast', renderAsciicast],
  ['sha256', renderHashes],
  ['yar', renderYara],
  ['sigma.yaml', renderSigma],
])('the drill as %s is what stands in the repository', async (ending, render) => {
  const text = render(fold(records), records, { journalHead: head, altered, excerpts: new Map() });
  await expect(text).toMatchFileSnapshot(`fixtures/noisy-drill.${ending}`);
});
