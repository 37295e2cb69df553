import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { OperationOf } from '../../operations/operation.ts';
import { done, errorCode, failed, ready, refused, verified } from './outcome.ts';
import type { OperationPerformer } from './performer.ts';
import { readReceipt } from './receipt-fields.ts';

const fields = z.looseObject({ before: z.string() });
type Parameter = OperationOf<'set-kernel-parameter'>;

/**
 * Writes one setting of the running kernel below /proc/sys (sysctl(8): dots of the name are its folders, and a slash
 * in a part of it, as of a network interface, is written as a dot's place). Undo writes what stood there.
 */
export const setKernelParameter: OperationPerformer<'set-kernel-parameter'> = {
  async prepare(operation) {
    const { name, from, to } = operation;
    if (pathOf(name) === null)
      return refused('invalid', `“${name}” is no name that a kernel parameter can have (sysctl(8)).`);
    if (/[\0\n]/.test(to) || to.trim() === '')
      return refused('invalid', `“${to}” is no value for ${name}: one line of text is wanted.`);
    const now = read(name);
    if ('why' in now)
      return refused('stale', `${name} cannot be read (${now.why}). Scan again and plan anew.`);
    if (now.value !== plain(from))
      return refused(
        'stale',
        `${name} is not what was planned against; it is ${now.value} now, not ${plain(from)}. Scan again and plan anew.`,
      );
    return ready({ kind: 'set-kernel-parameter', before: now.value });
  },

  async perform(operation, receipt) {
    return write(operation, receipt, operation.to);
  },

  async verify({ name, to }) {
    const now = read(name);
    if ('why' in now) return verified('unknown', `${name} cannot be read (${now.why}).`);
    return now.value === plain(to)
      ? verified('holds', `${name} is ${now.value}.`)
      : verified('does-not-hold', `${name} is ${now.value}, not ${plain(to)}.`);
  },

  async undo(operation, receipt) {
    const { before } = readReceipt('set-kernel-parameter', fields, receipt);
    const now = read(operation.name);
    if ('value' in now && now.value !== plain(operation.to) && now.value !== before)
      return failed(
        receipt,
        `${operation.name} was set to ${now.value} by something else since, and that is left. It was ${before} before.`,
      );
    return write(operation, receipt, before);
  },
};

function write({ name }: Parameter, receipt: Parameters<typeof done>[0], value: string) {
  const path = pathOf(name);
  if (path === null) return failed(receipt, `“${name}” is no name of a kernel parameter.`);
  try {
    writeFileSync(path, `${value}\n`);
  } catch (error) {
    const why = errorCode(error);
    return failed(
      receipt,
      `${name} was not set to ${value} (${why})${why === 'EROFS' || why === 'EACCES' ? ': /proc/sys is read-only here, as in a container; set it on the machine below' : ''}.`,
    );
  }
  const now = read(name);
  const is = 'value' in now ? now.value : '?';
  // Huge pages in use are not given back at once; the kernel says then what it could do.
  return is === plain(value)
    ? done(receipt, `${name} is ${is}.`)
    : failed(receipt, `${name} was written, but the kernel made ${is} of it, not ${plain(value)}.`);
}

/** Blanks between the numbers of a value are tabs in some files and spaces in others. */
function plain(value: string): string {
  return value.trim().split(/\s+/).join(' ');
}

function read(name: string): { readonly value: string } | { readonly why: string } {
  const path = pathOf(name);
  if (path === null) return { why: 'no such name' };
  try {
    return { value: plain(readFileSync(path, 'latin1')) };
  } catch (error) {
    return { why: errorCode(error) };
  }
}

function pathOf(name: string): string | null {
  if (!/^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_/:-]+)+$/.test(name) || name.includes('//')) return null;
  const parts = name.split('.').map((part) => part.replaceAll('/', '.'));
  return parts.some((part) => /^\.+$/.test(part)) ? null : `/proc/sys/${parts.join('/')}`;
}
