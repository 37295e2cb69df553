import { readdirSync, readlinkSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, normalize } from 'node:path/posix';
import type { ObservedProcess } from '../../../../findings/observation.ts';
import { decodeHostBytes } from '../../../../text/host-bytes.ts';
import { type Look, listFolder } from '../../look.ts';

const MOST_OPEN = 4_000;
const RUNTIME = /^(?:java|node(?:js)?[\d.]*|bun|deno)$/;

const WEB_SERVER =
  /^(apache2|httpd|nginx|lighttpd|caddy|litespeed|openlitespeed|frankenphp|php-fpm.*|php[\d.]*)$/;

export function isWebServer(name: string): boolean {
  return WEB_SERVER.test(name);
}

/** What runs programs in JavaScript or Java, which lie beside it and are not it. */
export function isRuntime({ exe, commandLine }: ObservedProcess): boolean {
  const [first = ''] = commandLine;
  return RUNTIME.test(basename(exe ?? first)) || /^next-server\b/.test(first);
}

/** Where it works and where its program lies, each with the folders above: modules are looked for upwards (nodejs.org, “Modules”). */
export function foldersOf({ commandLine, workingFolder }: ObservedProcess): string[] {
  const from = workingFolder ?? '/';
  const programs = commandLine
    .slice(1, 64)
    .filter((word) => /\.[cm]?js$/.test(word) || word.includes('/node_modules/'))
    .map((word) => {
      const [own = '', ...modules] = absolute(from, word).split('/node_modules/');
      return modules.length === 0 ? dirname(own) : own;
    });
  const homes = commandLine
    .slice(1, 400)
    .flatMap((word) => /^-D[\w.]*(?:home|base|dir|path)=(\/.+)$/i.exec(word)?.[1] ?? [])
    .flatMap((home) =>
      /\/wlserver(\/server)?$/.test(home) ? [home, home.replace(/\/wlserver(\/server)?$/, '')] : [home],
    );
  return [...[from, ...programs].flatMap(upwards), ...homes.map(normalize)];
}

function upwards(folder: string): string[] {
  const parts = folder.split('/').filter(Boolean);
  return parts.slice(0, 12).map((_, at) => `/${parts.slice(0, parts.length - at).join('/')}`);
}

/** By the class path that it was given, and by what it has open: a virtual machine keeps its archives open. */
export function jarsOf(there: Look, look: Look, process: ObservedProcess): string[] {
  const { commandLine, workingFolder } = process;
  const from = workingFolder ?? '/';
  const named = commandLine.flatMap((word, at) => {
    const before = commandLine[at - 1] ?? '';
    if (before === '-jar') return [word];
    if (/^(-cp|-classpath|--class-path|-p|--module-path)$/.test(before)) return word.split(':');
    return word.startsWith('--class-path=') ? word.slice('--class-path='.length).split(':') : [];
  });
  const paths = named.filter(Boolean).flatMap((word) => {
    const path = absolute(from, word);
    return path.endsWith('/*')
      ? listFolder(there, 'entry-points', path.slice(0, -2)).map((name) => path.slice(0, -1) + name)
      : [path];
  });
  return [...paths, ...openJars(look, process.process.pid)].filter((path) => /\.(jar|war|ear)$/.test(path));
}

function openJars(look: Look, pid: number): string[] {
  const folder = `${look.root}/proc/${pid}/fd`;
  try {
    return readdirSync(folder)
      .slice(0, MOST_OPEN)
      .map((fd) => openedAs(`${folder}/${fd}`))
      .filter((path) => /\.(jar|war|ear)$/.test(path));
  } catch {
    // It has gone, or may not be looked into; what its command line says is left.
    return [];
  }
}

function openedAs(link: string): string {
  try {
    return decodeHostBytes(readlinkSync(link, { encoding: 'buffer' }));
  } catch {
    return '';
  }
}

function absolute(from: string, path: string): string {
  return normalize(isAbsolute(path) ? path : join(from, path));
}
