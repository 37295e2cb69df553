import { useApp, useInput, usePaste, useWindowSize } from 'ink';
import { useEffect, useSyncExternalStore } from 'react';
import type { Clock } from './clock.ts';
import type { Controller } from './controller.ts';
import type { HomeController } from './home-controller.ts';
import { pressesOf } from './keys.ts';
import { sizeClassOf } from './layout.ts';
import { ChecklistScreen } from './screens/checklist.tsx';
import { HomeScreen } from './screens/home.tsx';
import { TooSmallScreen } from './screens/too-small.tsx';
import type { Store } from './store.ts';
import type { TerminalPort } from './terminal-port.ts';
import type { Theme } from './theme.ts';

export type Shown =
  | { readonly kind: 'home'; readonly controller: HomeController }
  | { readonly kind: 'incident'; readonly controller: Controller };

/** The screen of the moment, and the one place where keys come in. */
export function App({
  shown,
  clock,
  theme: themes,
  terminal,
}: {
  shown: Store<Shown>;
  clock: Clock;
  theme: Store<Theme>;
  terminal: TerminalPort;
}) {
  const screen = useSyncExternalStore(shown.subscribe, shown.get);
  const theme = useSyncExternalStore(themes.subscribe, themes.get);
  const { columns, rows } = useWindowSize();
  const size = sizeClassOf(columns, rows);
  const { suspendTerminal } = useApp();
  useEffect(() => {
    terminal.suspendTerminal = suspendTerminal;
  }, [terminal, suspendTerminal]);

  useInput((input, key) => {
    for (const press of pressesOf(input, key)) {
      const { controller } = shown.get();
      if (size !== 'too-small') controller.press(press);
      // What cannot be seen cannot be meant: only leaving is left, by Ctrl-C twice.
      else if (press.name === 'q' || press.name === 'ctrl+c') controller.press({ name: 'ctrl+c', text: '' });
    }
  });
  usePaste((text) => shown.get().controller.paste(text));

  if (size === 'too-small') return <TooSmallScreen theme={theme} columns={columns} rows={rows} />;
  if (screen.kind === 'home') {
    return <HomeScreen controller={screen.controller} theme={theme} columns={columns} rows={rows} />;
  }
  return (
    <ChecklistScreen
      controller={screen.controller}
      clock={clock}
      theme={theme}
      columns={columns}
      rows={rows}
    />
  );
}
