import type { ActionCatalogue } from '../playbook/catalogue.ts';
import type { Action } from './action.ts';
import { blockC2 } from './block-c2.ts';
import { blockInCloud } from './block-in-cloud.ts';
import { cloud } from './cloud.ts';
import { isolate } from './isolate.ts';
import { killProcess } from './kill-process.ts';
import { manual } from './manual.ts';
import { notify } from './notify.ts';
import { patch } from './patch.ts';
import { purgePersistence } from './purge-persistence.ts';
import { rebuildOrRelease } from './rebuild-or-release.ts';
import { resetKeys } from './reset-keys.ts';
import { run } from './run.ts';
import { snapshot } from './snapshot.ts';
import { triage } from './triage.ts';
import { watch } from './watch.ts';

/** Every action by its name, in the order of a response. */
export const actions: ReadonlyMap<string, Action> = new Map(
  [
    triage,
    snapshot,
    isolate,
    blockC2,
    killProcess,
    purgePersistence,
    resetKeys,
    patch,
    watch,
    rebuildOrRelease,
    cloud,
    blockInCloud,
    notify,
    run,
    manual,
  ].map((action) => [action.name, action]),
);

/** The same, as far as reading a playbook needs to know. */
export const actionCatalogue: ActionCatalogue = actions;
