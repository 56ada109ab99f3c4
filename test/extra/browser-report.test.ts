/** Reports opened in a real headless Chromium. Run by `npm run test:browser`. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pageOf } from '../../src/closeout/landed/report.ts';
import type { ReportFacts } from '../../src/core/report/facts.ts';
import { Chromium, findChromium, type Page, type Screen } from '../support/chromium.ts';
import { tempDir } from '../support/repo.ts';
import { hostileReport, largeReport, openReport, reportFacts } from '../support/report-facts.ts';

const program = findChromium();
if (!program) console.warn('No Chromium is installed here (the variable CHROMIUM names one elsewhere): the browser suite is not run.');

const SCREENS: [string, Screen][] = [360, 1280].flatMap((width) =>
  [false, true].map((dark): [string, Screen] => [`${width} wide, ${dark ? 'dark' : 'light'}`, { width, height: 800, dark }]),
);

describe.skipIf(!program)('a report in a browser', () => {
  let chromium: Chromium;
  beforeAll(() => {
    chromium = new Chromium(program ?? '');
  });
  afterAll(() => chromium.close());

  async function open(report: ReportFacts): Promise<Page> {
    const file = join(tempDir(), 'report.html');
    writeFileSync(file, pageOf(report));
    return chromium.open(pathToFileURL(file).href);
  }

  describe.each([
    ['a closed session', reportFacts],
    ['an open session', openReport],
    ['a session whose agents wrote markup', hostileReport],
    ['2,000 artifacts and 300 tasks', largeReport],
  ])('%s', (_, make) => {
    test.each(SCREENS)('%s: no error, no request, nothing to scroll sideways, accessible', async (_name, screen) => {
      const page = await open(make());
      await page.show(screen);
      expect(await page.ask('document.documentElement.scrollWidth')).toBeLessThanOrEqual(screen.width);
      const overflowing = `[...document.querySelectorAll('main *')].filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.quiet')).length`;
      expect(await page.ask(overflowing)).toBe(0);
      // Text is large enough to read: nothing below 12 CSS pixels.
      expect(
        await page.ask(`Math.min(...[...document.querySelectorAll('body *')].map((e) => parseFloat(getComputedStyle(e).fontSize)))`),
      ).toBeGreaterThanOrEqual(12);
      await page.ask(axe.source);
      const { violations, passes } =
        await page.ask(`axe.run(document, { resultTypes: ['violations', 'passes'] }).then(({ violations, passes }) => ({
        violations: violations.map(({ id, nodes }) => [id, nodes.slice(0, 3).map(({ html }) => html)]), passes: passes.map(({ id }) => id) }))`);
      expect(violations).toEqual([]);
      expect(passes).toEqual(expect.arrayContaining(['color-contrast', 'document-title', 'html-has-lang', 'landmark-one-main', 'region']));
      expect(page.complaints).toEqual([]);
      expect(page.requests.map((url) => url.split(':')[0])).toEqual(['file']);
    });
  });

  test('markup of agents stays text', async () => {
    const page = await open(hostileReport());
    expect(
      await page.ask(`document.querySelectorAll('script, img, iframe, object, embed, link, form, [onerror], [onload], [style]').length`),
    ).toBe(0);
    expect(await page.ask('typeof window.pwned')).toBe('undefined');
    expect(await page.ask('document.title')).toContain('<script>');
    expect(await page.ask(`[...document.querySelectorAll('a')].every((a) => a.getAttribute('href').startsWith('#'))`)).toBe(true);
  });

  test('the page’s own policy admits no script and no foreign style, were one to get in', async () => {
    const page = await open(reportFacts());
    await page.ask(
      `{ const script = document.createElement('script'); script.textContent = 'window.pwned = 1'; document.body.append(script); }`,
    );
    await page.ask(`{ const image = new Image(); image.src = 'http://127.0.0.1:9/x.png'; document.body.append(image); }`);
    await page.ask(
      `{ const style = document.createElement('style'); style.textContent = 'h1 { color: rgb(1, 2, 3) }'; document.body.append(style); }`,
    );
    expect(await page.ask('typeof window.pwned')).toBe('undefined');
    expect(await page.ask(`getComputedStyle(document.querySelector('h1')).color`)).not.toBe('rgb(1, 2, 3)');
    expect(page.complaints.join('\n')).toMatch(/Content Security Policy/);
  });

  test('light and dark differ, and paper shows what is folded', async () => {
    const page = await open(reportFacts());
    const ground = `getComputedStyle(document.body).backgroundColor`;
    const shown = `document.querySelector('details:not([open]) pre').checkVisibility({ contentVisibilityAuto: true })`;
    await page.show({ width: 1280, height: 800, dark: false });
    const light = await page.ask(ground);
    expect(await page.ask(shown)).toBe(false);
    await page.show({ width: 1280, height: 800, dark: true });
    expect(await page.ask(ground)).not.toBe(light);
    await page.paper();
    expect(await page.ask(shown)).toBe(true);
    expect(await page.ask(`getComputedStyle(document.querySelector('nav')).display`)).toBe('none');
    expect((await page.pdf()).subarray(0, 5).toString()).toBe('%PDF-');
  });
});
