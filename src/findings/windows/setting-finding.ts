import type { WindowsEntry } from '../../operations/operation.ts';
import { finish } from '../draft.ts';
import type { Finding, Remedy, SettingPart } from '../finding.ts';
import type { Signal } from '../weigh.ts';
import type { WindowsView } from './judge-process.ts';

export interface ShownSetting {
  readonly part: SettingPart;
  readonly name: string;
  readonly value: string;
  readonly advice: string;
  readonly attack: readonly string[];
  readonly signals: readonly Signal[];
  readonly entry?: WindowsEntry;
  readonly remedy?: Remedy;
  readonly key?: string;
}

export function setting(view: WindowsView, shown: ShownSetting): Finding {
  const { part, name, value, advice, entry, attack, signals } = shown;
  const remedy: Remedy | undefined = entry === undefined ? shown.remedy : { kind: 'disable-entry', entry };
  return finish({
    id: view.id('setting', shown.key ?? `${part} ${name} ${value}`),
    subject: {
      kind: 'setting',
      part,
      name,
      value,
      advice,
      ...(remedy === undefined ? {} : { remedy }),
    },
    title: name,
    signals,
    places: [],
    attack,
    owner: null,
  });
}

export function one(topic: string, code: string, weight: number, text: string): Signal {
  return { topic, code, weight, text };
}
