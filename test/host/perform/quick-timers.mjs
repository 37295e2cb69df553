// Loaded before the performers (NODE_OPTIONS=--import): as long as /run/hang/on is there, what would wait for seconds
// waits for a two-hundredth of that, and what was waited for in vain is written down. So a limit of minutes is seen in a second.
import { appendFileSync, existsSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';
import promises from 'node:timers/promises';
import { promisify } from 'node:util';

const FACTOR = 200;
const isQuick = (ms) => ms >= 1000 && existsSync('/run/hang/on');
const waited = (ms) => appendFileSync('/run/hang/waited', `${ms}\n`);

const later = globalThis.setTimeout;
function quickLater(act, ms, ...args) {
  if (!isQuick(ms)) return later(act, ms, ...args);
  return later(() => {
    waited(ms);
    act(...args);
  }, ms / FACTOR);
}
const pause = promises.setTimeout;
async function quickPause(ms, value, options) {
  if (!isQuick(ms)) return pause(ms, value, options);
  const result = await pause(ms / FACTOR, value, options);
  waited(ms);
  return result;
}
quickLater[promisify.custom] = quickPause;
globalThis.setTimeout = quickLater;
timers.setTimeout = quickLater;
promises.setTimeout = quickPause;
syncBuiltinESMExports();
