import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { IMPORT_EXCEPTIONS, LONG_FILES, NAME_EXCEPTIONS, PROCESS_STARTERS } from './exceptions.ts';
import { findCycles } from './find-cycles.ts';
import { findImports, ROOT, readSourceFiles, SRC } from './source-files.ts';

const files = readSourceFiles();
/** Programs of the sandbox's own, kept as texts: they are data here. */
const running = files.filter(({ path }) => !path.startsWith('drill/inside/'));
const map = readMap();

interface FolderRule {
  readonly isPure: boolean;
  readonly mayImport: ReadonlySet<string> | 'everything';
}

/** The table in src/README.md is the rule; this test is what makes it one. */
function readMap(): ReadonlyMap<string, FolderRule> {
  const rows = readFileSync(join(SRC, 'README.md'), 'utf8').matchAll(
    /^\| `([a-z]+)\/` *\|.*\|([^|]*)\|([^|]*)\|$/gm,
  );
  return new Map(
    [...rows].map(([, folder = '', pure = '', allowed = '']) => [
      folder,
      {
        isPure: pure.trim() === 'yes',
        mayImport:
          allowed.trim() === 'everything'
            ? 'everything'
            : new Set(allowed.match(/[a-z]+(?= \(|,|\s*$)/g) ?? []),
      },
    ]),
  );
}

describe('the map in src/README.md', () => {
  it('names every folder of src, and no other', () => {
    const folders = readdirSync(SRC, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    expect([...map.keys()].sort()).toEqual(folders.sort());
  });

  it('is understood by this test', () => {
    expect(map.get('text')).toEqual({ isPure: true, mayImport: new Set() });
    expect(map.get('drill')).toEqual({ isPure: false, mayImport: new Set(['host', 'text']) });
    expect(map.get('journal')?.mayImport).toEqual(new Set(['engine', 'playbook', 'text']));
    expect(map.get('cli')).toEqual({ isPure: false, mayImport: 'everything' });
  });

  it('names only files and folders that are there', () => {
    const text = readFileSync(join(SRC, 'README.md'), 'utf8');
    const named = [...text.matchAll(/`([a-z-]+(?:\/[a-z.-]+)*\/?(?:[A-Z-]+\.md)?)`/g)]
      .map(([, path = '']) => path)
      .filter((path) => path.includes('/') && !path.includes('<'));
    const missing = named.filter(
      (path) => ![SRC, ROOT, join(SRC, 'host')].some((base) => existsSync(join(base, path))),
    );
    // dist/ is made by the build.
    expect(missing.filter((path) => path !== 'dist/')).toEqual([]);
  });
});

describe('imports', () => {
  it('stay within what the map allows', () => {
    const wrong = files.flatMap(({ path, folder, imports }) =>
      imports
        .map(({ target }) => target?.split('/')[0] ?? folder)
        .filter((target) => {
          const rule = map.get(folder)?.mayImport;
          return target !== folder && rule !== 'everything' && !rule?.has(target);
        })
        .map((target) => `${path} → ${target}`),
    );
    expect(wrong.filter((each) => !(each in IMPORT_EXCEPTIONS))).toEqual([]);
  });

  it('never go round in a circle, types included', () => {
    const graph = new Map(
      files.map(({ path, imports }) => [
        path,
        imports.map(({ target }) => target).filter((target) => target !== null),
      ]),
    );
    expect(findCycles(graph)).toEqual([]);
  });

  it('of the runner reach only the interface of the host', () => {
    const reached = files
      .filter(({ folder }) => folder === 'runner')
      .flatMap(({ path, imports }) => imports.map(({ target }) => ({ path, target })))
      .filter(({ target }) => target?.startsWith('host/') && target !== 'host/host.ts');
    expect(reached).toEqual([]);
  });

  it('are written with their extension', () => {
    const wrong = files.flatMap(({ path, imports }) =>
      imports
        .filter(({ target }) => target !== null && !/\.(tsx?|json|mjs)$/.test(target))
        .map(({ specifier }) => `${path}: ${specifier}`),
    );
    expect(wrong).toEqual([]);
  });

  it('are all seen by this test', () => {
    const code = [
      "import { a } from './a.ts';",
      "import type {\n  B,\n  C,\n} from '../b.ts';",
      "import d, { type E } from 'd';",
      "export { f } from './f.ts';",
      "import './g.ts';",
      "const h = await import('./h.ts');",
      "const text = 'a string from \\'x\\'';",
    ].join('\n');
    expect(findImports(code).sort()).toEqual(['../b.ts', './a.ts', './f.ts', './g.ts', './h.ts', 'd']);
  });
});

describe('pure folders', () => {
  const pure = files.filter(({ folder }) => map.get(folder)?.isPure);

  it('touch no machine, no clock, no chance and no screen', () => {
    const packages = /^(node:|execa$|ink$|react$|conf$|env-paths$|systeminformation$|vscode-jsonrpc)/;
    const imports = pure.flatMap(({ path, imports: each }) =>
      each
        .filter(({ specifier }) => packages.test(specifier))
        .map(({ specifier }) => `${path}: ${specifier}`),
    );
    const globals =
      /\bprocess\.(?:env|argv|stdout|stderr|stdin|cwd|exit|platform|hrtime|getuid)|\bDate\.now\b|\bnew Date\(\)|\bDate\(\)|\bMath\.random\b|\bperformance\.now\b|\bset(?:Timeout|Interval|Immediate)\(|\bBuffer\.|\bfetch\(|\bconsole\./;
    const uses = pure
      .filter(({ code }) => globals.test(code))
      .map(({ path, code }) => `${path}: ${globals.exec(code)?.[0]}`);
    expect([...imports, ...uses]).toEqual([]);
  });
});

describe('one place for each side effect', () => {
  it('execa is called only by host/run-tool.ts', () => {
    const users = files.filter(({ imports }) => imports.some(({ specifier }) => specifier === 'execa'));
    expect(users.map(({ path }) => path)).toEqual(['host/run-tool.ts']);
  });

  it('processes are started nowhere else but by those that are listed', () => {
    // A type of it starts nothing.
    const users = running.filter(({ code }) =>
      /^import (?!type )[^;]*from '(node:)?(child_process|cluster)'/m.test(code),
    );
    expect(users.map(({ path }) => path)).toEqual(Object.keys(PROCESS_STARTERS).sort());
  });

  it('the process is ended only by cli/', () => {
    const enders = running.filter(
      ({ folder, code }) => folder !== 'cli' && /\bprocess\.(exit|abort|kill\(process\.pid)\b/.test(code),
    );
    expect(enders.map(({ path }) => path)).toEqual([]);
  });

  it('no shell is ever given a text that was put together', () => {
    const shells = files.filter(({ code }) => /\bshell:\s*true\b|\bexecSync\(|[^.\w]exec\(/.test(code));
    expect(shells.map(({ path }) => path)).toEqual([]);
  });
});

describe('names and sizes', () => {
  it('file names use the words of the glossary, in kebab-case', () => {
    const unused = /(^|-)(tasks?|jobs?|nodes?|managers?|services?|helpers?|utils?)(-|\.)/;
    const names = files.map(({ path }) => path);
    expect(names.filter((path) => unused.test(basename(path)))).toEqual(Object.keys(NAME_EXCEPTIONS).sort());
    expect(names.filter((path) => !/^[a-z0-9]+(-[a-z0-9]+)*\.tsx?$/.test(basename(path)))).toEqual([]);
    expect(names.filter((path) => /(^|\/)index\.tsx?$/.test(path))).toEqual([]);
  });

  it('files of more than 200 lines are explained', () => {
    const long = files.filter(({ text }) => text.split('\n').length > 201).map(({ path }) => path);
    expect(long.filter((path) => !(path in LONG_FILES))).toEqual([]);
    expect(Object.keys(LONG_FILES).filter((path) => !existsSync(join(SRC, path)))).toEqual([]);
  });

  it('nothing is exported as default, nothing is `any`, no enum', () => {
    const wrong = files.filter(({ code }) =>
      /^export default\b|\bas any\b|: any\b|<any>|^(export )?(const )?enum /m.test(code),
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });
});
