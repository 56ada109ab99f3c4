/** A headless Chromium driven over a pipe: pages opened, looked at, and asked. */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

/** The program's name or path; null where none of the usual ones is installed. CHROMIUM names another. */
export function findChromium(): string | null {
  const names = [process.env.CHROMIUM, 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  return names.find((name) => name && spawnSync(name, ['--version']).status === 0) ?? null;
}

// biome-ignore lint/suspicious/noExplicitAny: the protocol's own shapes
type Params = Record<string, any>;

export interface Screen {
  width: number;
  height: number;
  dark: boolean;
}

export interface Page {
  /** Addresses that were asked for, the page's own included. */
  requests: string[];
  /** Everything that the browser complained of: errors, warnings, violations of the page's policy. */
  complaints: string[];
  /** The value of an expression; promises are waited for. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever the page says
  ask(expression: string): Promise<any>;
  show(screen: Screen): Promise<void>;
  /** Shows it as it would be printed. */
  paper(): Promise<void>;
  /** Printed. */
  pdf(): Promise<Buffer>;
}

export class Chromium {
  private readonly home = mkdtempSync(join(tmpdir(), 'gs-chromium-'));
  private readonly child: ChildProcess;
  private readonly to: Writable;
  private readonly waiting = new Map<number, { resolve(value: Params): void; reject(error: Error): void }>();
  private readonly listeners = new Set<(session: string, method: string, params: Params) => void>();
  private last = 0;

  constructor(program: string) {
    const args = [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--remote-debugging-pipe',
      `--user-data-dir=${this.home}`,
      '--hide-scrollbars',
    ];
    this.child = spawn(program, args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
    this.to = this.child.stdio[3] as Writable;
    let rest = Buffer.alloc(0);
    (this.child.stdio[4] as Readable).on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      for (let end = rest.indexOf(0); end >= 0; end = rest.indexOf(0)) {
        this.take(JSON.parse(rest.subarray(0, end).toString('utf8')));
        rest = rest.subarray(end + 1);
      }
    });
  }

  private take({ id, sessionId = '', method, params, result, error }: Params): void {
    if (id === undefined) {
      for (const listener of this.listeners) listener(sessionId, method, params);
      return;
    }
    const call = this.waiting.get(id);
    this.waiting.delete(id);
    if (error) call?.reject(new Error(`${error.message} ${error.data ?? ''}`));
    else call?.resolve(result);
  }

  private send(method: string, params: Params = {}, sessionId?: string): Promise<Params> {
    const id = ++this.last;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.to.write(`${JSON.stringify({ id, method, params, ...(sessionId ? { sessionId } : {}) })}\0`);
    });
  }

  /** Opens an address and waits until it has loaded. */
  async open(url: string): Promise<Page> {
    const { targetId } = await this.send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true });
    const call = (method: string, params: Params = {}) => this.send(method, params, sessionId);
    const [requests, complaints]: [string[], string[]] = [[], []];
    const loaded = new Promise<void>((resolve) => {
      this.listeners.add((session, method, params) => {
        if (session !== sessionId) return;
        if (method === 'Network.requestWillBeSent') requests.push(params.request.url);
        else if (method === 'Log.entryAdded') complaints.push(params.entry.text);
        else if (method === 'Runtime.exceptionThrown') complaints.push(params.exceptionDetails.text);
        else if (method === 'Page.loadEventFired') resolve();
      });
    });
    for (const domain of ['Network', 'Log', 'Runtime', 'Page']) await call(`${domain}.enable`);
    await call('Page.navigate', { url });
    await loaded;
    return {
      requests,
      complaints,
      ask: async (expression) => {
        const { result, exceptionDetails } = await call('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
        if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
        return result.value;
      },
      show: async ({ width, height, dark }) => {
        await call('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: width < 600 });
        const features = [{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }];
        await call('Emulation.setEmulatedMedia', { features });
      },
      paper: async () => {
        await call('Emulation.setEmulatedMedia', { media: 'print' });
        // What was folded is laid out with the next frame.
        const drawn = 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))';
        await call('Runtime.evaluate', { expression: drawn, awaitPromise: true });
      },
      pdf: async () => Buffer.from((await call('Page.printToPDF', { printBackground: true })).data, 'base64'),
    };
  }

  async close(): Promise<void> {
    const ended = new Promise<void>((resolve) => void this.child.once('close', () => resolve()));
    await this.send('Browser.close').catch(() => {});
    await ended;
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5 });
  }
}
