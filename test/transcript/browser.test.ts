import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderHtml } from '../../src/transcript/html.ts';
import { startBrowser } from '../support/browser.ts';
import { HOSTILE, incidentWith } from './hostile.ts';
import { CONTEXT, INCIDENT, RECORDS } from './journal.ts';

/** The page in a real browser, which is what has to keep what the page promises. */
let browser: Browser;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tourniquet-browser-'));
  browser = await startBrowser();
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Opens a page, and keeps whatever it does beside being shown. */
async function opened(html: string, options: { javaScriptEnabled: boolean; colorScheme?: 'dark' | 'light' }) {
  const file = join(folder, `${Math.abs(html.length)}-${options.javaScriptEnabled}.html`);
  await writeFile(file, html);
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const did: string[] = [];
  page.on('dialog', (dialog) => {
    did.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (request.url() !== `file://${file}`) did.push(`request ${request.url()}`);
  });
  page.on('popup', () => did.push('popup'));
  page.on('console', (message) => did.push(`console ${message.text()}`));
  page.on('pageerror', (error) => did.push(`error ${error.message}`));
  await page.goto(`file://${file}`, { waitUntil: 'load' });
  return { page, did, end: () => context.close() };
}

describe.each([true, false])('with scripts %s', (javaScriptEnabled) => {
  test('hostile data is shown, and nothing of it happens', async () => {
    const { incident, records, context } = incidentWith(HOSTILE.join(' '));
    const { page, did, end } = await opened(renderHtml(incident, records, context), { javaScriptEnabled });
    expect(await page.title()).toContain('Incident ');
    expect(did).toEqual([]);
    expect(await page.locator('script, img, iframe, object, embed, form, link').count()).toBe(0);
    await end();
  });

  test('the story is seen first, and what is folded opens by a click', async () => {
    const { page, did, end } = await opened(renderHtml(INCIDENT, RECORDS, CONTEXT), { javaScriptEnabled });
    expect(await page.locator('#summary').isVisible()).toBe(true);
    const [summary, timeline] = await Promise.all([
      page.locator('#summary').boundingBox(),
      page.locator('#timeline').boundingBox(),
    ]);
    expect(summary?.y ?? 0).toBeLessThan(timeline?.y ?? 0);
    const fold = page.locator('#timeline details');
    expect(await fold.locator('table').isVisible()).toBe(false);
    await fold.locator('summary').click();
    expect(await fold.locator('table').isVisible()).toBe(true);
    expect(did).toEqual([]);
    await end();
  });
});

test('the policy keeps even what was put into the page from running or reaching out', async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const there = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const attack = `<script>document.title="owned"</script><img src="${there}/image" onerror="document.title=1"><style>body{display:none}</style><iframe src="${there}/frame"></iframe><link rel="stylesheet" href="${there}/style">`;
  const page = renderHtml(INCIDENT, RECORDS, CONTEXT).replace('</body>', `${attack}</body>`);
  const { page: shown, did, end } = await opened(page, { javaScriptEnabled: true });
  expect(await shown.title()).toContain('Incident ');
  expect(await shown.locator('#summary').isVisible()).toBe(true);
  // The browser says that it refused each of them.
  expect(did.filter((one) => /^console .*Content Security Policy/i.test(one)).length).toBeGreaterThan(3);
  await end();
  server.close();
  expect(asked).toEqual([]);
});

test('it is light, dark and to be printed, each with its own colours', async () => {
  const html = renderHtml(INCIDENT, RECORDS, CONTEXT);
  const colours = new Set<string>();
  for (const colorScheme of ['light', 'dark'] as const) {
    const { page, end } = await opened(html, { javaScriptEnabled: true, colorScheme });
    colours.add(await page.evaluate('getComputedStyle(document.body).backgroundColor'));
    await page.emulateMedia({ media: 'print', colorScheme });
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    expect(await page.locator('nav').isVisible()).toBe(false);
    await end();
  }
  expect(colours.size).toBe(2);
});
