import { z } from 'zod';
import type { WindowsEntry } from '../../../operations/operation.ts';
import { done, ready, refused, verified } from '../../perform/outcome.ts';
import { call, LostCall } from '../call.ts';
import type { ParameterValue } from '../frames.ts';
import type { PowerShellSession } from '../powershell-session.ts';
import type { WindowsContext, WindowsPerformer } from '../windows-performer.ts';
import { work } from './system-work.ts';

/** Takes an entry that is no file out of force, and puts it back. What it was is in the receipt. */
export const disableEntry: WindowsPerformer<'disable-entry'> = {
  async prepare({ entry }, { session }) {
    const seen = await kindOf(entry).read(session, entry);
    if (seen === null)
      return refused('stale', 'The entry is not there any more, or reads otherwise: look again.');
    return ready({ kind: 'disable-entry', kept: seen.kept, type: seen.type });
  },
  async perform({ id, entry }, receipt, context) {
    const kept = { kept: String(receipt.kept), type: String(receipt.type) };
    await kindOf(entry).set(context.session, entry, false, kept, { ...context, id });
    return done(receipt, 'The entry is out of force');
  },
  async verify({ entry }, _receipt, session) {
    return (await kindOf(entry).read(session, entry)) === null
      ? verified('holds', 'the entry is not in force')
      : verified('does-not-hold', 'the entry is in force');
  },
  async undo({ id, entry }, receipt, context) {
    const kept = { kept: String(receipt.kept), type: String(receipt.type) };
    await kindOf(entry).set(context.session, entry, true, kept, { ...context, id: `${id}.undo` });
    return done(receipt, 'The entry is in force again, as it was');
  },
};

/** Where work that needs more rights than an administrator's is done. */
type Setting = WindowsContext & { readonly id: string };

interface Kept {
  /** What it takes to put it back; for a task its whole definition, for the record. */
  readonly kept: string;
  readonly type: string;
}

interface EntryKind<E extends WindowsEntry> {
  /** null: not in force, or not as planned. */
  read(session: PowerShellSession, entry: E): Promise<Kept | null>;
  set(session: PowerShellSession, entry: E, isInForce: boolean, kept: Kept, at: Setting): Promise<void>;
}

const inForce = z.object({ isInForce: z.boolean(), kept: z.string() });
const value = z.object({ data: z.string(), raw: z.string(), kind: z.string() });
const named = z.object({ name: z.string() });
const hidden = z.object({
  id: z.string(),
  keys: z.array(
    z.object({
      path: z.string(),
      values: z.array(z.object({ name: z.string(), kind: z.string(), data: z.string() })),
    }),
  ),
});

async function readState(
  session: PowerShellSession,
  script: string,
  parameters: Readonly<Record<string, ParameterValue>>,
): Promise<Kept | null> {
  const [row] = await call(session, script, parameters, inForce);
  return row?.isInForce ? { kept: row.kept, type: '' } : null;
}

const KINDS: { readonly [T in WindowsEntry['type']]: EntryKind<Extract<WindowsEntry, { type: T }>> } = {
  'scheduled-task': {
    read: (session, { path, name }) => readState(session, 'task-state', { Path: path, Name: name }),
    async set(session, { path, name }, isInForce) {
      await call(session, 'set-task', { Path: path, Name: name, Enable: isInForce }, named);
    },
  },
  'hidden-task': {
    async read(session, { path, name }) {
      const [row] = await call(session, 'hidden-task-state', { Name: `${path}${name}` }, hidden);
      return row === undefined ? null : { kept: JSON.stringify(row.keys), type: row.id };
    },
    async set(_session, _entry, isInForce, { kept }, at) {
      const given = { remove: !isInForce, keys: JSON.parse(kept) as unknown };
      const result = await work(at, 'task-cache', given, at);
      if (result?.ok !== true)
        throw new LostCall(`The task’s keys are not changed: ${result?.message ?? ''}`);
    },
  },
  'registry-value': {
    async read(session, { key, name, data }) {
      const [row] = await call(session, 'value-state', { Key: key, Name: name }, value);
      return row?.data === data ? { kept: row.raw, type: row.kind } : null;
    },
    async set(session, { key, name }, isInForce, { kept, type }) {
      await call(
        session,
        'set-value',
        { Key: key, Name: name, Raw: kept, Kind: type, Remove: !isInForce },
        named,
      );
    },
  },
  'wmi-binding': {
    read: (session, { filter, consumer }) =>
      readState(session, 'binding-state', { Filter: filter, Consumer: consumer }),
    async set(session, { filter, consumer }, isInForce) {
      await call(session, 'set-binding', { Filter: filter, Consumer: consumer, Remove: !isInForce }, named);
    },
  },
  'defender-exclusion': {
    read: (session, { list, value: text }) =>
      readState(session, 'exclusion-state', { List: list, Value: text }),
    async set(session, { list, value: text }, isInForce) {
      await call(session, 'set-exclusion', { List: list, Value: text, Remove: !isInForce }, named);
    },
  },
};

/** The table ties each type to its entry; here, where any may come, that tie is lost to the compiler. */
function kindOf(entry: WindowsEntry): EntryKind<WindowsEntry> {
  return KINDS[entry.type] as unknown as EntryKind<WindowsEntry>;
}
