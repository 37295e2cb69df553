import { type Instance, type RenderOptions, render } from 'ink';
import type { ComponentProps } from 'react';
import { App } from './app.tsx';

/** Puts the screens onto the terminal. By itself, so that the first picture need not wait until Ink is loaded. */
export function mount(app: ComponentProps<typeof App>, options: RenderOptions): Instance {
  return render(<App {...app} />, options);
}
