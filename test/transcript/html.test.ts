import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import { describe, expect, test } from 'vitest';
import { fold } from '../../src/engine/reduce.ts';
import { renderHtml } from '../../src/transcript/html.ts';
import { STYLE, STYLE_HASH } from '../../src/transcript/html-style.ts';
import { HOSTILE, incidentWith } from './hostile.ts';
import { CONTEXT, INCIDENT, RECORDS } from './journal.ts';

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;

/** The page as a browser reads it (parse5 is the parser of the HTML standard), and each place where it had to guess. */
function read(page: string): { readonly elements: Element[]; readonly errors: string[] } {
  const errors: string[] = [];
  const elements: Element[] = [];
  const walk = (node: Node) => {
    if ('tagName' in node) elements.push(node);
    if ('childNodes' in node) node.childNodes.forEach(walk);
  };
  walk(parse(page, { onParseError: ({ code, startLine }) => errors.push(`${code} in line ${startLine}`) }));
  return { elements, errors };
}

/** What a page is made of, without its words. */
const shapeOf = (page: string) =>
  read(page).elements.map(({ tagName, attrs }) => `${tagName} ${attrs.map(({ name }) => name).join(' ')}`);

const render = (text: string) => {
  const { incident, records, context } = incidentWith(text);
  return renderHtml(incident, records, context);
};

test('a whole incident reads as the golden page, the same bytes each time', async () => {
  const page = renderHtml(INCIDENT, RECORDS, CONTEXT);
  await expect(page).toMatchFileSnapshot('fixtures/incident.html');
  expect(renderHtml(fold(RECORDS), structuredClone(RECORDS), CONTEXT)).toBe(page);
});

test('every prefix of the journal has a page without a fault in it', () => {
  for (let length = 1; length <= RECORDS.length; length += 1) {
    const records = RECORDS.slice(0, length);
    expect(read(renderHtml(fold(records), records, CONTEXT)).errors).toEqual([]);
  }
});

test('secrets are not in it', () => {
  const page = renderHtml(INCIDENT, RECORDS, CONTEXT);
  expect(page).not.toContain('hunter2');
  expect(page).toContain('[redacted password]');
});

test('what was not done is as visible as what was', () => {
  const page = renderHtml(INCIDENT, RECORDS, CONTEXT);
  for (const words of ['not dealt with', 'came back', '↷ skipped', '✘ failed', 'Still open', 'not closed'])
    expect(page).toContain(words);
});

describe('nothing acts', () => {
  const { elements } = read(renderHtml(INCIDENT, RECORDS, CONTEXT));

  test('the policy allows the one style by its hash, and nothing else', () => {
    const hash = createHash('sha256').update(STYLE).digest('base64');
    expect(STYLE_HASH).toBe(`sha256-${hash}`);
    const policy = elements.find(({ attrs }) =>
      attrs.some(({ value }) => value === 'Content-Security-Policy'),
    );
    expect(policy?.attrs.find(({ name }) => name === 'content')?.value).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
    );
    const style = elements.find(({ tagName }) => tagName === 'style')?.childNodes[0];
    expect(style !== undefined && 'value' in style && style.value).toBe(STYLE);
  });

  test('there is no script, no handler, no style attribute and no address but within the page', () => {
    const tags = new Set(elements.map(({ tagName }) => tagName));
    for (const tag of ['script', 'img', 'iframe', 'object', 'embed', 'form', 'link', 'base'])
      expect(tags).not.toContain(tag);
    for (const { attrs } of elements) {
      for (const { name, value } of attrs) {
        expect(name).not.toMatch(/^on|^style$|^src/);
        if (name === 'href') expect(value).toMatch(/^#[a-z0-9-]+$/);
      }
    }
  });
});

describe('hostile data', () => {
  const plain = shapeOf(render('plain'));

  test.each(HOSTILE)('%j changes nothing but words', (text) => {
    const page = render(text);
    expect(read(page).errors).toEqual([]);
    expect(shapeOf(page)).toEqual(plain);
  });

  test('no text at all breaks out', () => {
    const piece = fc.oneof(
      fc.constantFrom(...HOSTILE),
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...'<>&"\'`/=!-;#xsvgonload \n\r\t\u0000\ud800') }),
    );
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 4 }), (pieces) => {
        const page = render(`x${pieces.join('')}`);
        expect(read(page).errors).toEqual([]);
        expect(shapeOf(page)).toEqual(plain);
      }),
      { numRuns: 30 },
    );
  });
});
