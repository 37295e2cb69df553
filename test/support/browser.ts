import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** A real browser without a screen; npm test installs it. */
export function startBrowser(): Promise<Browser> {
  const executable = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
    existsSync,
  );
  return chromium.launch({
    ...(executable === undefined ? {} : { executablePath: executable }),
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-dev-shm-usage',
    ],
    timeout: 120_000,
  });
}
