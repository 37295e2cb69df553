import { useApp, useInput, usePaste, useWindowSize } from 'ink';
import { type ReactNode, useEffect, useSyncExternalStore } from 'react';
import { type Press, pressesOf } from './keys/keys.ts';
import { sizeClassOf } from './look/layout.ts';
import type { Theme } from './look/theme.ts';
import { TooSmallScreen } from './screens/too-small.tsx';
import type { Store } from './store.ts';
import type { TerminalPort } from './terminal/terminal-port.ts';

/** What is on the screen: who takes its keys, and how it is drawn. Each kind is loaded when it is first shown. */
export interface Shown {
  readonly controller: { press(press: Press): void; paste(text: string): void };
  readonly draw: (props: ScreenProps) => ReactNode;
}

export interface ScreenProps {
  readonly theme: Theme;
  readonly columns: number;
  readonly rows: number;
}

/** The screen of the moment, and the one place where keys come in. */
export function App({
  shown,
  theme: themes,
  terminal,
}: {
  shown: Store<Shown>;
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
  return screen.draw({ theme, columns, rows });
}
