import xterm from '@xterm/headless';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { IncidentHandle, IncidentView } from '../../src/engine/handle.ts';
import { fold } from '../../src/engine/reduce.ts';
import { recordLine } from '../../src/headless/record-line.ts';
import { incidentId } from '../../src/journal/folder.ts';
import { printable } from '../../src/text/printable.ts';
import { renderCsv } from '../../src/transcript/csv.ts';
import { renderHtml } from '../../src/transcript/html.ts';
import { renderJson } from '../../src/transcript/json.ts';
import { renderMarkdown } from '../../src/transcript/markdown.ts';
import { renderTimesketch } from '../../src/transcript/timesketch.ts';
import { Conversation } from '../line/conversation.ts';
import { report, runs } from '../support/length.ts';
import { incidentWith } from '../transcript/hostile.ts';
import type { ScriptedHandle } from '../tui/scripted-handle.ts';
import { endAll, start } from '../tui/start.ts';
import { hostileText } from './hostile-text.ts';

/**
 * Hostile text through everything that shows it, and what a real terminal emulator ends up with: nothing changed
 * outside of its cells, clipboard and title untouched, no bell, no scrolling.
 */
let tried = 0;
afterAll(async () => {
  await endAll();
  report({
    suite: 'hostile text to a terminal and to documents',
    runs: tried,
    faults: tried,
    lost: 0,
    escaped: 0,
  });
});

/** C0 but for the line end, DEL, C1, what reorders or hides: none of it may reach a terminal or a reader. */
const OBEYED =
  /[\0-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** A handle on a fixed state, for a front to draw. */
function still(
  view: Partial<IncidentView> & Pick<IncidentView, 'incident'>,
  records: ReturnType<IncidentHandle['records']>,
): IncidentHandle {
  const whole: IncidentView = {
    activity: null,
    question: null,
    journalHead: '0'.repeat(64),
    stopped: null,
    folder: '/incidents/x',
    ...view,
  };
  return {
    view: () => whole,
    subscribe: () => () => undefined,
    send: async () => ({ ok: false, reason: 'still' }),
    records: () => records,
    onRecord: () => () => undefined,
    readOutput: async () => ({ bytes: new Uint8Array(), totalBytes: 0 }),
    readOutputTimes: async () => [],
    whenIdle: async () => undefined,
    leave: async () => undefined,
    // Of a scripted one; there is nothing to release.
    ...{ releaseAll: () => undefined },
  };
}

/** The incident with its text, as far as the plan of its step; what stands there to be approved. */
function asked(text: string) {
  const { records } = incidentWith(text);
  const until = records.findIndex(({ event }) => event.kind === 'plan-made') + 1;
  const some = records.slice(0, until);
  const incident = fold(some);
  const step = incident.steps[0];
  return still(
    {
      incident,
      question: {
        kind: 'approval',
        stepId: 'purge',
        planHash: step?.plan?.hash ?? '',
        risk: 'disruptive',
        word: null,
      },
    },
    some,
  );
}

describe('hostile text', () => {
  test('fills its own cells of a terminal and nothing else', async () => {
    const numRuns = runs(300, 20_000);
    const terminal = new xterm.Terminal({ cols: 400, rows: 5, allowProposedApi: true });
    let told = '';
    const tell = (what: string) => {
      told += what;
      return true;
    };
    terminal.onTitleChange((title) => tell(`title ${title}`));
    terminal.onBell(() => tell('bell'));
    terminal.onData((data) => tell(`answered ${JSON.stringify(data)}`));
    terminal.parser.registerOscHandler(52, () => tell('clipboard'));
    terminal.parser.registerOscHandler(8, () => tell('link'));
    const put = (text: string) => new Promise<void>((resolve) => terminal.write(text, resolve));
    await fc.assert(
      fc.asyncProperty(hostileText, async (text) => {
        const shown = printable(text);
        expect(shown).not.toMatch(OBEYED);
        await put(`\u001b[2J\u001b[1;1Habove\u001b[3;1Hbelow\u001b[2;1H<${shown.slice(0, 150)}>`);
        const row = (at: number) => terminal.buffer.active.getLine(at)?.translateToString(true);
        expect([row(0), row(2), row(3)]).toEqual(['above', 'below', '']);
        expect(row(1)?.startsWith('<') && row(1)?.endsWith('>')).toBe(true);
        expect(told).toBe('');
      }),
      { numRuns },
    );
    terminal.dispose();
    tried += numRuns;
  }, 600_000);

  test('in every place of an incident leaves the frame of the screen where it is', async () => {
    const numRuns = runs(10, 300);
    // The emulator counts columns by Unicode 6: what later versions made wide stands elsewhere in it than in terminals
    // of today, so of letters only those are left on which all agree.
    const sample = fc
      .sample(hostileText, numRuns)
      .map((text) => text.replace(/(?!\u0301)[^\0-\u00ff\u200b-\u206f\ufeff漢字\udc80-\udcff]/gu, ''));
    const frame = (screen: string) => {
      const lines = screen.split('\n');
      const from = lines.findIndex((line) => line.startsWith('┌'));
      const to = lines.findIndex((line) => line.startsWith('└'));
      return lines.slice(from, to + 1);
    };
    for (const text of ['plain', ...sample]) {
      const started = start({ handle: asked(text) as ScriptedHandle });
      await started.terminal.see('approve & run');
      const { terminal } = started;
      const { clipboard, bells, scrolled, title } = terminal;
      expect({ clipboard, bells, scrolled }, JSON.stringify(text)).toEqual({
        clipboard: '',
        bells: 0,
        scrolled: 0,
      });
      // The title is ours: what is being done, for whom; with the text in it as text.
      expect(title).toContain('0/1');
      expect(title).not.toMatch(OBEYED);
      const rows = frame(terminal.screen());
      expect(rows.length, terminal.screen()).toBeGreaterThan(10);
      const first = terminal
        .screen()
        .split('\n')
        .findIndex((line) => line.startsWith('┌'));
      for (let row = first + 1; row < first + rows.length - 1; row += 1) {
        for (const column of [0, 26, 27, 79])
          expect(terminal.cell(row, column), `${JSON.stringify(text)}\n${terminal.screen()}`).toBe('│');
      }
      await endAll();
      tried += 1;
    }
  }, 600_000);

  test('in line mode and in plain records is text and nothing else', async () => {
    const numRuns = runs(40, 2_000);
    await fc.assert(
      fc.asyncProperty(hostileText, async (text) => {
        const handle = asked(text);
        const talk = new Conversation(handle as ScriptedHandle, {});
        const said =
          (await talk.answer('w')) +
          (await talk.answer('p')) +
          (await talk.answer('w 1')) +
          (await talk.answer('f'));
        expect(said).not.toMatch(OBEYED);
        for (const record of handle.records()) {
          for (const format of ['text', 'json'] as const)
            expect(recordLine(record, handle.view().incident, format)).not.toMatch(OBEYED);
        }
      }),
      { numRuns },
    );
    tried += numRuns;
  }, 600_000);

  test('in a document is text and nothing else, and no file gets its name', () => {
    const numRuns = runs(40, 2_000);
    fc.assert(
      fc.property(hostileText, (text) => {
        const { incident, records, context } = incidentWith(text);
        for (const render of [renderMarkdown, renderHtml, renderJson, renderCsv, renderTimesketch]) {
          const document = (render as (...args: unknown[]) => string)(incident, records, context);
          // RFC 4180: CRLF ends a line of a CSV file.
          expect(document.replaceAll('\r\n', '\n'), render.name).not.toMatch(OBEYED);
        }
        expect(renderHtml(incident, records, context)).not.toMatch(/<script|<img|href="javascript:/i);
        expect(incidentId(text, new Date(0))).toMatch(/^[a-z0-9][a-z0-9.-]*-19700101-000000$/);
      }),
      { numRuns },
    );
    tried += numRuns;
  }, 600_000);
});
