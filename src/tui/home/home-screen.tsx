import type { Shown } from '../app.tsx';
import { HomeScreen } from '../screens/home.tsx';
import type { HomeController } from './home-controller.ts';

/** The home screen, and who takes its keys. */
export function homeScreen(controller: HomeController): Shown {
  return { controller, draw: (props) => <HomeScreen controller={controller} {...props} /> };
}
