// `npm test`: everything that has to hold, in one command. Its last line counts: "N passed, N failed".
//
//   --only FILTER…   only test files whose path contains one of these (no checks, no build)
//   --long           the reliability suites alone, at full length; their figures go to test/reliability/results.md and from
//                    there into the README
//
// A file in which something failed is run once more, alone. What passes only then is named as unsteady, with the first
// failure above it in full: it does not count as failed, and it is a fault to be found (src/DECISIONS.md).
//
// In CI (CI=true) a test that was skipped is a failure too: what cannot run there must say so by name and be seen.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureTools } from '../src/host/system-tools.ts';

/** What the tests start, apart from what every Linux has. */
const TOOLS = [
  ...[
    'nft',
    'iptables',
    'ip',
    'ss',
    'ps',
    'unshare',
    'nsenter',
    'setpriv',
    'setsid',
    'flock',
    'mount',
    'bash',
  ],
  ...['crontab', 'sshd', 'ssh', 'ssh-keygen', 'systemctl', 'useradd', 'chage', 'usermod'],
  ...['zstd', 'tar', 'setfacl', 'getfattr', 'setfattr', 'chattr', 'lsattr', 'setcap', 'tmux', 'expect'],
  ...['screen', 'sudo'],
  'strace',
  ...['script', 'zsh', 'fish'],
  // For hand-over: somebody else's readers.
  ...['age', 'age-keygen', 'chromium'],
  'patchelf',
  ...['podman', 'crun', 'btrfs', 'mkfs.btrfs', 'systemd-nspawn', 'debootstrap'],
  // For trees of other distributions.
  ...['rpm', 'rpmbuild'],
];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const isCi = /^(1|true)$/i.test(process.env.CI ?? '');
const isLong = process.argv[2] === '--long';
/** Every suite that reports figures (test/support/length.ts). */
const LONG_SUITES = [
  ...['test/reliability', 'test/evict/random-subsets', 'test/host/perform/races', 'test/runner/cut-off'],
];
const only = isLong ? LONG_SUITES : process.argv[2] === '--only' ? process.argv.slice(3) : null;

// The launcher says production; React's and Ink's development checks are what tests are for.
const environment = { ...process.env, NODE_ENV: 'test' };
// Git's hooks and an outer Vitest leave things that would steer what is started below.
for (const name of [
  ...['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'VITEST', 'VITEST_MODE', 'NODE_OPTIONS'],
  // By it the program tells what the responder types (cli/command-words.ts): the same however the tests were started.
  'npm_command',
]) {
  delete environment[name];
}

const figuresFolder = isLong ? mkdtempSync(join(tmpdir(), 'tourniquet-figures-')) : null;
if (figuresFolder !== null) {
  environment.TOURNIQUET_TEST_LENGTH = 'long';
  environment.TOURNIQUET_TEST_FIGURES = join(figuresFolder, 'figures.jsonl');
}

function run(title, file, args) {
  process.stdout.write(`\n— ${title}\n`);
  return new Promise((resolve) => {
    // No standard input: nothing here may ask. What needs a terminal makes one.
    const child = spawn(process.execPath, [file, ...args], {
      cwd: root,
      env: environment,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.on('error', () => resolve(false));
    child.on('exit', (code) => resolve(code === 0));
  });
}

const tool = (name, file) => join(root, 'node_modules', name, file);

async function runChecks() {
  const failed = [];
  if (!(await run('format and lint', tool('@biomejs/biome', 'bin/biome'), ['check', '.'])))
    failed.push('biome');
  if (!(await run('types', tool('typescript', 'bin/tsc'), ['--noEmit']))) failed.push('tsc');
  if (!(await run('build', join(root, 'src/build.mjs'), []))) failed.push('build');
  return failed;
}

/** Counts from Vitest's own JSON report. `filters`: parts of the paths of test files; `options`: Vitest's. */
async function runTests(title, filters, options = []) {
  const folder = mkdtempSync(join(tmpdir(), 'tourniquet-test-'));
  const report = join(folder, 'report.json');
  try {
    const passed = await run(title, tool('vitest', 'vitest.mjs'), [
      'run',
      '--config',
      'test/vitest.config.ts',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...options,
      ...filters,
    ]);
    return { passed, ...count(JSON.parse(readFileSync(report, 'utf8'))) };
  } catch (error) {
    process.stdout.write(`No report of the tests: ${error.message}\n`);
    return { passed: false, passedTests: 0, failed: [], skipped: [], brokenFiles: [] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function count(report) {
  const tests = report.testResults.flatMap((file) =>
    file.assertionResults.map((test) => ({ ...test, file: file.name.replace(`${root}/`, '') })),
  );
  const byStatus = (...statuses) => tests.filter(({ status }) => statuses.includes(status));
  return {
    passedTests: byStatus('passed').length,
    failed: byStatus('failed'),
    skipped: byStatus('skipped', 'pending', 'todo', 'disabled'),
    // A file that could not even be loaded has no tests to fail.
    brokenFiles: report.testResults.filter(
      ({ status, assertionResults }) =>
        status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
    ),
  };
}

/** Most files that are tried again: where more have failed it is no accident. */
const MOST_AGAIN = 3;

/** The counts with what passed at the second try taken from the failed ones, and named in `unsteady`. */
async function tryAgain(first) {
  const files = [...new Set(first.failed.map(({ file }) => file))];
  const isAccident = files.length > 0 && files.length <= MOST_AGAIN && first.brokenFiles.length === 0;
  if (isLong || only !== null || !isAccident) return { ...first, unsteady: [] };
  const again = await runTests('what failed, once more and alone', files, ['--no-file-parallelism']);
  if (!again.passed) return { ...first, unsteady: [] };
  return {
    ...first,
    passed: true,
    passedTests: first.passedTests + first.failed.length,
    failed: [],
    unsteady: first.failed,
  };
}

/** One row a suite, sorted by name: for results.md, and in the place of the README's reliability table. */
function writeFigures(passed) {
  const file = environment.TOURNIQUET_TEST_FIGURES;
  if (!existsSync(file)) return;
  const rows = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .sort((a, b) => (a.suite < b.suite ? -1 : 1));
  const names = ['runs', 'faults', 'lost', 'escaped'];
  const sum = (name) => rows.reduce((total, row) => total + row[name], 0);
  const total = { suite: 'all', ...Object.fromEntries(names.map((name) => [name, sum(name)])) };
  const table = alignedTable([
    ['suite', ...names],
    ...[...rows, total].map((row) => [row.suite, ...names.map((name) => String(row[name]))]),
  ]);
  const when = new Date().toISOString().slice(0, 10);
  const text = `# Reliability\n\n\`npm run test:long\`, ${when}, Node ${process.versions.node}. Every suite passed.\n\n${table}\n`;
  process.stdout.write(passed ? `\n${text}` : '\nNot every suite passed: no figures were written.\n');
  // A suite that failed has counted as well: figures are kept only when all have passed.
  if (!passed) return;
  writeFileSync(join(root, 'test/reliability/results.md'), text);
  const readme = join(root, 'README.md');
  const before = readFileSync(readme, 'utf8');
  const after = before.replace(/^\| suite +\|.*\n(?:\|.*\n)+/m, () => `${table}\n`);
  if (after === before && !before.includes(table)) throw new Error('README.md has no reliability table.');
  writeFileSync(readme, after);
}

/** As the formatter would have it. */
function alignedTable([head, ...rows]) {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column].length)));
  const line = (cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

const say = (line) => process.stdout.write(`${line}\n`);
const { missing } = await ensureTools(TOOLS, { install: true, say });
if (missing.length > 0) {
  say('\n0 passed, 1 failed');
  process.exit(1);
}
if (isLong && !(await run('build', join(root, 'src/build.mjs'), []))) process.exit(1);
const failedChecks = only === null ? await runChecks() : [];
const tests = await tryAgain(await runTests('tests', only ?? []));
if (figuresFolder !== null) {
  writeFigures(tests.passed);
  rmSync(figuresFolder, { recursive: true, force: true });
}

say('');
for (const { file, fullName } of tests.skipped) say(`skipped: ${file}: ${fullName}`);
for (const { file, fullName } of tests.unsteady)
  say(`unsteady, passed at the second try: ${file}: ${fullName}`);
for (const { name, message } of tests.brokenFiles)
  say(`could not be run: ${name}: ${message?.split('\n')[0] ?? ''}`);
for (const name of failedChecks) say(`did not pass: ${name}`);

let failed = tests.failed.length + tests.brokenFiles.length + failedChecks.length;
// An unhandled error outside of any test, or no test at all.
if (!tests.passed && failed === 0) failed = 1;
const skippedFail = isCi && tests.skipped.length > 0;
if (skippedFail) say('In CI nothing may be skipped.');
const skipped = tests.skipped.length > 0 ? `, ${tests.skipped.length} skipped` : '';
const unsteady = tests.unsteady.length > 0 ? `, ${tests.unsteady.length} at the second try` : '';
say(`${tests.passedTests} passed, ${failed} failed${skipped}${unsteady}`);
process.exitCode = failed > 0 || skippedFail ? 1 : 0;
