import { readlinkSync, writeSync } from 'node:fs';

/** Verbs that show a screen of their own in nearly every case; the empty one is home. */
const WITH_SCREEN: ReadonlySet<string> = new Set(['', 'resume']);
/** With these there is none, or something else is printed. */
const WITHOUT_SCREEN = /^(?:--plain|--yes|--json|--help|--version|-h|-V)$/;

let isShown = false;

/**
 * Whether a screen will follow, as far as the words of the command line tell: a first line of it can be written
 * before anything else is loaded.
 */
export function wantsSkeleton(
  argv: readonly string[],
  { TERM: term, INK_SCREEN_READER }: Readonly<Record<string, string | undefined>>,
): boolean {
  if (INK_SCREEN_READER === 'true') return false;
  if (term === undefined || term === '' || term === 'dumb') return false;
  if (argv.some((word) => WITHOUT_SCREEN.test(word)) || !isTerminal(0) || !isTerminal(1)) return false;
  // A word behind an option may be its value; then nothing is said early.
  const words = argv.filter((word, index) => !word.startsWith('-') && !argv[index - 1]?.startsWith('-'));
  const hasOdd = argv.some((word, index) => word.startsWith('-') && argv[index + 1] === undefined);
  return !hasOdd && WITH_SCREEN.has(words[0] ?? '');
}

/**
 * The first line of the screen, at once, on the terminal's other page. Once it is guarded, whoever writes to stdout or
 * stderr before the screen comes takes it away first, so that no message is lost with it.
 */
export function showSkeleton(): void {
  isShown = true;
  writeSync(1, '\u001b[?1049h\u001b[H\u001b[2J tourniquet\r\n');
}

/** From here on anybody may write. */
export function guardSkeleton(): void {
  if (!isShown) return;
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write;
    stream.write = ((...args: Parameters<typeof write>) => {
      dropSkeleton();
      return write.apply(stream, args);
    }) as typeof write;
    undo.push(() => {
      stream.write = write;
    });
  }
  process.once('exit', dropSkeleton);
}

/** Cheaper than asking `tty`, which loads all of the network. Where there is no /proc there is no early line. */
function isTerminal(descriptor: number): boolean {
  try {
    return /^\/dev\/(?:pts\/\d|tty|console)/.test(readlinkSync(`/proc/self/fd/${descriptor}`));
  } catch {
    return false;
  }
}

const undo: (() => void)[] = [];

/** The screen comes now, in its place. */
export function takeSkeleton(): void {
  isShown = false;
  for (const one of undo.splice(0)) one();
}

function dropSkeleton(): void {
  if (!isShown) return;
  takeSkeleton();
  try {
    writeSync(1, '\u001b[?1049l');
  } catch {
    // The terminal is gone.
  }
}
