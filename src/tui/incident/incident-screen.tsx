import type { Shown } from '../app.tsx';
import type { Clock } from '../clock.ts';
import { ChecklistScreen } from '../screens/checklist.tsx';
import { Controller, type ControllerOptions } from './controller.ts';

/** An incident on the screen, and who takes its keys. */
export function incidentScreen(
  options: ControllerOptions,
  clock: Clock,
): { controller: Controller; shown: Shown } {
  const controller = new Controller(options);
  const draw: Shown['draw'] = (props) => <ChecklistScreen controller={controller} clock={clock} {...props} />;
  return { controller, shown: { controller, draw } };
}
