/**
 * Inside a program that is measured: how long its event loop stood still, and how long it heard nothing of a child
 * that says something every twentieth of a second. SIGUSR2 writes both, in milliseconds, to $LOOP_GAP and begins anew.
 */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
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

const file = process.env.LOOP_GAP;
if (file !== undefined) {
  const loop = new Gap();
  setInterval(() => loop.beat(), 5).unref();
  const heard = new Gap();
  const child = spawn('sh', ['-c', 'while sleep 0.05; do echo x; done'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  child.stdout.on('data', () => heard.beat());
  process.on('exit', () => child.kill());
  process.on('SIGUSR2', () => writeFileSync(file, `${JSON.stringify([loop.take(), heard.take()])}\n`));
}
