import type { Shown } from '../app.tsx';
import { HomeScreen } from '../screens/home.tsx';
import { HomeController, type HomeOptions } from './home-controller.ts';

/** The home screen, and who takes its keys. */
export function homeScreen(options: HomeOptions): Shown {
  const controller = new HomeController(options);
  return { controller, draw: (props) => <HomeScreen controller={controller} {...props} /> };
}
