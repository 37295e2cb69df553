import type { ReadStream, WriteStream } from 'node:tty';
import type { Instance } from 'ink';
import type { IncidentHandle, OpenShell } from '../engine/handle.ts';
import type { Shown } from './app.tsx';
import { createClock } from './clock.ts';
import { HomeController } from './home/home-controller.ts';
import type { HomeModel, StartChoice } from './home/home-model.ts';
import { homePicture } from './home/home-picture.ts';
import type { Controller } from './incident/controller.ts';
import { passSecond } from './incident/second.ts';
import type { EditText } from './incident/session.ts';
import { type ThemeSettings, themeFor } from './look/theme.ts';
import type { SaveOutput } from './pager/output-reader.ts';
import { withoutAnswers } from './stage/answer-filter.ts';
import { LinePace } from './stage/line-pace.ts';
import { Stage } from './stage/stage.ts';
import { createStore, type Store } from './store.ts';
import { backgroundOf } from './terminal/colours.ts';
import { type SignalSettings, Signals } from './terminal/signals.ts';
import { TerminalPort } from './terminal/terminal-port.ts';

export interface TuiOptions {
  readonly start:
    | { readonly kind: 'home'; readonly home: HomeModel }
    | { readonly kind: 'incident'; readonly handle: IncidentHandle };
  /** Must be terminals; see `isTTY`. */
  readonly stdin: ReadStream;
  readonly stdout: WriteStream;
  /** NO_COLOR, TERM and the locale are read from it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly callbacks: TuiCallbacks;
  readonly settings: ThemeSettings & { readonly signals?: SignalSettings };
  /** Milliseconds since the epoch; for tests. */
  readonly readMs?: () => number;
  /** How long a question must have been on the screen before ⏎ answers it; 250 ms if left out. */
  readonly settleMs?: number;
  /** What is typed in a shell to go on with an incident; `tourniquet resume ID` if left out. */
  readonly resumeCommand?: (incidentId: string) => string;
}

export interface TuiCallbacks {
  /** A rejection is shown on the home screen (a UserError with its hint); the responder can choose again. */
  readonly openIncident: (id: string) => Promise<IncidentHandle>;
  readonly startIncident: (choice: StartChoice) => Promise<IncidentHandle>;
  /** Writes the transcript and gives its path. May be called more than once. */
  readonly exportTranscript: (handle: IncidentHandle) => Promise<string>;
  readonly saveOutput: SaveOutput;
  /** A recorded shell on the host; null where there can be none. */
  readonly openShell: OpenShell | null;
  /** Longer text in the responder's editor; resolves to what was saved. */
  readonly editText: EditText;
}

export interface TuiResult {
  /** `hangup`: the terminal went away or SIGHUP or SIGTERM came. `handle.leave` was called in every case. */
  readonly kind: 'left' | 'closed' | 'hangup';
  /** The incident that was shown; null if the home screen was left. */
  readonly handle: IncidentHandle | null;
  readonly transcriptPath: string | null;
}

const SETTLE_MS = 250;
/** A second. Frames are cheap, and the stage leaves out those that were overtaken: no key waits for one before. */
const MOST_FRAMES = 250;

/**
 * The terminal interface, from its first screen until the responder leaves. Resolves when the terminal is as it
 * was before; ending the process is the caller's business.
 * @throws whatever a screen threw: a bug. The incident was left first, so that it can be resumed.
 */
export async function runTui(options: TuiOptions): Promise<TuiResult> {
  const { stdin, stdout, start, callbacks, settings, environment } = options;
  const readMs = options.readMs ?? Date.now;
  const ended = Promise.withResolvers<TuiResult['kind']>();
  const terminal = new TerminalPort(stdin, stdout);
  const pace = new LinePace();
  const stage = new Stage(stdout, pace);
  terminal.stage = stage;
  const signals = new Signals((bytes) => stage.send(bytes), settings.signals, environment.TERM);
  const theme = createStore(themeFor(settings, environment));
  let handle: IncidentHandle | null = null;
  const controllers: Controller[] = [];

  const ports = { suspend: () => void terminal.suspend(), redraw: () => void terminal.redraw() };
  const resumeCommand = options.resumeCommand ?? ((id) => `tourniquet resume ${id}`);
  const clock = createClock(readMs, (...times) =>
    passSecond(controllers.at(-1)?.situation(), stage, ...times),
  );
  // Each screen is loaded when it is shown first: the home screen has no use for what reads inputs and outputs.
  const showIncident = async (opened: IncidentHandle): Promise<Shown> => {
    handle = opened;
    const { incidentScreen } = await import('./incident/incident-screen.tsx');
    const { controller, shown: screen } = incidentScreen(
      {
        handle: opened,
        exportTranscript: callbacks.exportTranscript,
        saveOutput: callbacks.saveOutput,
        openShell: callbacks.openShell,
        editText: callbacks.editText,
        lend: (during) => terminal.lend(during),
        signals,
        finish: ended.resolve,
        readMs,
        settleMs: options.settleMs ?? SETTLE_MS,
        resumeCommand: resumeCommand(opened.view().incident.id),
        ...ports,
      },
      clock,
    );
    controllers.push(controller);
    return screen;
  };
  const showHome = async (model: HomeModel): Promise<Shown> => {
    const controller = new HomeController({
      model,
      openIncident: callbacks.openIncident,
      startIncident: callbacks.startIncident,
      show: async (opened) => shown?.set(await showIncident(opened)),
      finish: () => ended.resolve('left'),
      ...ports,
    });
    const picture = homePicture(controller, theme.get(), stdout);
    if (picture !== null) {
      stage.first(picture);
      await stage.written();
    }
    const { homeScreen } = await import('./home/home-screen.tsx');
    return homeScreen(controller);
  };
  let shown: Store<Shown> | null = null;

  terminal.onGone(async () => {
    try {
      await handle?.leave('the terminal is gone');
    } finally {
      ended.resolve('hangup');
    }
  });
  let instance: Instance | null = null;
  try {
    // Before the first frame: what is typed meanwhile would be echoed into it, and an ⏎ would scroll it.
    stdin.setRawMode(true);
    const screen = start.kind === 'home' ? await showHome(start.home) : await showIncident(start.handle);
    shown = createStore(screen);
    const { mount } = await import('./mount.tsx');
    instance = mount(
      { shown, theme, terminal },
      {
        stdin: withoutAnswers(stdin, {
          answered: () => pace.answered(),
          isDue: () => pace.isAnswerDue,
          keyed: () => stage.keyed(),
          coloured: (answer) => {
            const background = backgroundOf(answer);
            if (background !== null) theme.set(themeFor(settings, environment, background));
          },
        }),
        stdout: stage.stream,
        alternateScreen: true,
        // Whole frames: the stage finds out what changed.
        incrementalRendering: false,
        exitOnCtrlC: false,
        patchConsole: true,
        maxFps: MOST_FRAMES,
        // Ink's own guess says no where CI is set, and then shows nothing.
        interactive: stdin.isTTY && stdout.isTTY,
        isScreenReaderEnabled: false,
      },
    );
    // Ink ends by itself only when a screen threw.
    const crashed = instance.waitUntilExit().then(() => ended.promise);
    const kind = await Promise.race([ended.promise, crashed]);
    if (kind !== 'hangup') {
      signals.close();
      await stage.beforeLeaving();
    }
    return { kind, handle, transcriptPath: controllers.at(-1)?.ui.get().transcriptPath ?? null };
  } catch (error) {
    await (handle as IncidentHandle | null)?.leave('the terminal interface failed');
    throw error;
  } finally {
    await takeDown(instance, stdin);
    for (const controller of controllers) controller.close();
    stage.close();
    terminal.close();
  }
}

/** The terminal as it was; where it is gone, each of these can fail and there is nobody to tell. */
async function takeDown(instance: Instance | null, stdin: ReadStream): Promise<void> {
  try {
    instance?.unmount();
    await instance?.waitUntilExit();
  } catch {}
  try {
    stdin.setRawMode(false);
  } catch {}
}
