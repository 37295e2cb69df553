import fc from 'fast-check';
import { expect, test } from 'vitest';
import { codeBlock, codeSpan, escapeMarkdown } from '../../src/text/markdown.ts';

test.each([
  ['web-07', 'web-07'],
  ['a *b* _c_ `d` ~e~', 'a \\*b\\* \\_c\\_ \\`d\\` \\~e\\~'],
  ['[click](javascript:x) ![i](http://x)', '\\[click\\](javascript:x) !\\[i\\](http\\://x)'],
  ['<script>&lt;', '\\<script\\>\\&lt;'],
  ['# heading', '\\# heading'],
  ['- item', '\\- item'],
  ['12. item', '12\\. item'],
  ['3)', '3\\)'],
  ['203.0.113.9', '203.0.113.9'],
  ['--- ', '\\---&#32;'],
  ['a | b', 'a \\| b'],
  ['two\nlines', 'two lines'],
  ['www.evil.example https://evil.example', 'www\\.evil.example https\\://evil.example'],
  ['@everyone $x$', '\\@everyone \\$x\\$'],
  ['back\\slash', 'back\\\\slash'],
])('%s is written %s', (text, written) => {
  expect(escapeMarkdown(text)).toBe(written);
});

test.each([
  ['a', '`a`'],
  ['', '(empty)'],
  ['a`b', '``a`b``'],
  ['`', '`` ` ``'],
  ['``a`', '``` ``a` ```'],
  [' a ', '`  a  `'],
  ['a\nb', '`a b`'],
])('%j in a code span is %s', (text, written) => {
  expect(codeSpan(text)).toBe(written);
});

test('a code block cannot be closed from within', () => {
  expect(codeBlock('a\n```\n# out', 'text')).toBe('````text\na\n```\n# out\n````');
  expect(codeBlock('')).toBe('```\n```');
  fc.assert(
    fc.property(fc.array(fc.constantFrom('`', '```', '\n', 'x', '~~~')), (pieces) => {
      const lines = codeBlock(pieces.join('')).split('\n');
      const fence = lines[0] ?? '';
      expect(lines.filter((line) => line.trim().startsWith(fence))).toHaveLength(2);
    }),
  );
});

test('a code span cannot be closed from within', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('`', '``', ' ', 'x'), { minLength: 1 }), (pieces) => {
      const span = codeSpan(pieces.join(''));
      const fence = /^`+/.exec(span)?.[0] ?? '';
      const inside = span.slice(fence.length, -fence.length);
      expect(inside.match(/`+/g) ?? []).not.toContain(fence);
      expect(inside).not.toMatch(/^`|`$/);
    }),
  );
});
