import { describe, expect, it } from 'vitest';
import { powershellCommand } from '../../../src/host/windows/powershell-command.ts';
import { readWorker, WORKERS } from '../../../src/host/windows/scripts.ts';
import { undocumented } from './documented.ts';
import { brokenRules } from './ps-rules.ts';
import { psParser, readScripts } from './ps-syntax.ts';

const scripts = await readScripts();
const parse = await psParser();
const START = "param()\nSet-StrictMode -Version 2.0\n$ErrorActionPreference = 'Stop'\n";

describe('the PowerShell scripts', () => {
  it('are there', () => {
    expect(scripts.length).toBeGreaterThan(14);
  });

  it.each(scripts.map(({ name }) => name))('%s parses and keeps the rules', (name) => {
    const script = scripts.find((one) => one.name === name);
    expect(script === undefined ? ['missing'] : brokenRules(script)).toEqual([]);
  });

  it.each(scripts.map(({ name }) => name))(
    '%s asks of what Windows tells only what is documented',
    (name) => {
      expect(undocumented(scripts.find((one) => one.name === name)?.text ?? '')).toEqual([]);
    },
  );

  it.each(WORKERS)('puts %s into its frame: told first, the end said last', (worker) => {
    const lines = readWorker(worker).trimEnd().split('\n');
    expect(lines[0]).toBe('param(');
    expect(lines.findIndex((line) => line.includes("'started'"))).toBeLessThan(lines.indexOf('try {'));
    expect(lines.indexOf('    [System.IO.File]::Delete($path)')).toBe(lines.indexOf('try {') + 3);
    expect(lines.lastIndexOf('} catch {')).toBe(lines.length - 5);
    expect(lines.at(-1)).toContain("'ended'");
    expect(lines.slice(lines.indexOf('try {') + 4, -5).join('\n')).toContain('$result = ');
  });

  it('fit, as the loop is given, into one command line of Windows (32,767 characters)', () => {
    expect(powershellCommand('C:\\Windows').join(' ').length).toBeLessThan(32_000);
  });
});

describe('the rules for PowerShell scripts', () => {
  it('see a property that no page knows', () => {
    const text =
      'foreach ($p in Get-CimInstance -ClassName Win32_Process) { $p.ProcessID; $p.Pid; $p.ProcessId }';
    expect(undocumented(text)).toEqual(['$p.ProcessID of Win32_Process', '$p.Pid of Win32_Process']);
    expect(undocumented('$all = @(Get-NetTCPConnection)\nforeach ($c in $all) { $c.Owner }')).toEqual([
      '$c.Owner of Get-NetTCPConnection',
    ]);
  });

  it.each([
    ['a command that takes text for code', 'Invoke-Expression -Command $x', 'Invoke-Expression is not used'],
    ['an alias', 'gci -Path x', 'is an alias or a program'],
    ['a program', 'schtasks.exe /query', 'is an alias or a program'],
    ['a program that is started', 'Start-Process -FilePath x', 'Start-Process is not used'],
    ['a call by a value', '& $x', 'something is called by a value'],
    ['code made of text', "[scriptblock]::Create('x')", 'makes code of text'],
    ['a text built from a value', 'Get-Item -LiteralPath "C:\\$env:x"', 'a text is built from a value'],
    ['a query made of a value', "Get-CimInstance -Filter ('a = ' + $env:x)", '-Filter is made of a value'],
    ['a value without a name', 'Get-Item x', "given without a parameter's name"],
    ['a value that nobody declared', 'Get-Item -LiteralPath $Elsewhere', '$elsewhere is neither'],
    ['a text that does not parse', 'if ( {', 'it does not parse'],
  ])('see %s', (_what, text, expected) => {
    const broken = brokenRules({ name: 'x.ps1', tree: parse(START + text) });
    expect(broken.join('\n')).toContain(expected);
  });

  it('see a parameter without a type, and one that may be left out', () => {
    const text = START.replace('param()', 'param($A)');
    expect(brokenRules({ name: 'x.ps1', tree: parse(text) })).toEqual([
      'line 1: a parameter has no type',
      'line 1: a parameter may be left out',
    ]);
  });

  it('see a parameter that is overwritten, whatever the case of its name', () => {
    const text = START.replace('param()', 'param([Parameter(Mandatory = $true)] [string] $Name)');
    expect(brokenRules({ name: 'x.ps1', tree: parse(`${text}$name = 1\n`) })).toEqual([
      'line 4: the parameter $name is overwritten',
    ]);
  });

  it('see that strictness is missing', () => {
    expect(brokenRules({ name: 'x.ps1', tree: parse('param()\nGet-Date\n') })).toEqual([
      'line 1: no Set-StrictMode',
      'line 1: errors do not stop it',
    ]);
  });
});
