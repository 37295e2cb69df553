/**
 * Inside a program that is measured: how long its event loop stood still, and how long it heard nothing of a child
 * that says something every twentieth of a second. SIGUSR2 writes both, in milliseconds, to $LOOP_GAP and begins anew.
 * How often it was heard is written to $LOOP_HEARD, a line each time.
 */
import { spawn } from 'node:child_process';
import { appendFileSync, writeFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

class Gap {
  #largest = 0;
  #last = performance.now();

  beat(): void {
    const now = performance.now();
    this.#largest = Math.max(this.#largest, now - this.#last);
    this.#last = now;
  }

  take(): number {
    this.beat();
    const largest = this.#largest;
    this.#largest = 0;
    return largest;
  }
}

const { LOOP_GAP: file, LOOP_HEARD: heardFile } = process.env;
if (file !== undefined || heardFile !== undefined) {
  const loop = new Gap();
  setInterval(() => loop.beat(), 5).unref();
  const heard = new Gap();
  const child = spawn('sh', ['-c', 'while sleep 0.05; do echo x; done'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let count = 0;
  child.stdout.on('data', () => {
    heard.beat();
    count += 1;
    if (heardFile !== undefined) appendFileSync(heardFile, `${count}\n`);
  });
  process.on('exit', () => child.kill());
  if (file !== undefined)
    process.on('SIGUSR2', () => writeFileSync(file, `${JSON.stringify([loop.take(), heard.take()])}\n`));
}
