/**
 * What once broke a reader, or came near to it, by the reader's name in parser-fuzz.test.ts. Whatever the fuzz finds is put here, so
 * that it stays found.
 */
export const CORPUS: Readonly<Record<string, readonly string[]>> = {
  // An nft that answers with something else than a listing was a bug of ours until it was `unknown`.
  'nft listing': [
    '',
    'null',
    '[]',
    '{}',
    '{"nftables":1}',
    '{"nftables":[null]}',
    '{"nftables":[{"rule":1}]}',
  ],
  journal: ['\n', '{}\n', 'null\n', '[]\n', '{"seq":1}\n{"seq":1', '\0\n', `${'['.repeat(5_000)}\n`],
  playbook: [
    '',
    ': :',
    '&a [*a]',
    '<<: *x',
    `${'- '.repeat(2_000)}`,
    'name: !!js/function "x"',
    'steps: {a: b}',
  ],
  crontab: ['*', '@', '@reboot', '* * * *', `${'* '.repeat(5_000)}`, 'a=b=c', '%'],
  unit: ['[', ']', '=\n', '[a\n]\n', 'ExecStart=\\\n\\\n', '\\'],
  passwd: [':', ':::::::::', '__proto__:x:0:0:::', 'a:x:99999999999999999999:0:::'],
  'authorized keys': ['"', 'command="', ' ssh-rsa', 'ssh-rsa ', `${'a,'.repeat(5_000)} ssh-rsa A`],
  'tcp table': ['0:', ' 0: 0:0 0:0 0', `0: ${'F'.repeat(5_000)}:0016 0:0 01`],
  'pending packages': ['Inst ', 'Inst [ ] ( )', `Inst ${'['.repeat(5_000)}`],
  'apk list': ['P:', 'R:x', 'F:\nR:', 'Z:Q1'],
};
