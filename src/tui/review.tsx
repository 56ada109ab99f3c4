/** The review on the real terminal: opens at once, fills in while checks run, and ends when somebody has decided. */

import { createReadStream } from 'node:fs';
import { logPath, type OnCheck } from '../closeout/checks/index.ts';
import type { Approval, Asked, Context } from '../closeout/context.ts';
import type { SummaryEdit } from '../closeout/land/seal.ts';
import { blocking, type Found, type Prepared } from '../closeout/prepare/prepare.ts';
import { rerunCheck } from '../closeout/prepare/rerun.ts';
import { previewOf, reviewOf } from '../closeout/prepare/review.ts';
import type { Actor } from '../core/log/record.ts';
import { parseReason, type Reason } from '../core/session/reason.ts';
import { oneLine, visible } from '../core/text/text.ts';
import { startDiff } from '../git/diff-text.ts';
import type { Repo } from '../git/run.ts';
import { after, type CheckRow, type DataEvent, emptyReview } from './data.ts';
import type { Verdict } from './decision.ts';
import { type Drawing, drawOn } from './drawing.tsx';
import { type Edited, editPattern, editSummary, type PatternEdited } from './edits.ts';
import { frame } from './frame.ts';
import { lazyLines, type TextSource, wholeText } from './lazy-lines.ts';
import { START } from './place.ts';
import { press } from './press.ts';
import { decisionOf } from './screens/view.ts';
import { type Effect, firstEdits, firstState, type Pager, type State } from './state.ts';

export type TerminalAnswer = Approval | { verdict: 'reject'; reasons: Reason[] } | { verdict: 'leave' };

export interface ReviewOptions {
  repo: Repo;
  /** Who decides. */
  by: Actor;
  /** Keys of patterns that were dropped on the command line. */
  dropped: ReadonlySet<string>;
  /** Prints a line where no screen is open. */
  note(line: string): void;
}

/** Output of a running check is drawn at most this often. */
const OUTPUT_MS = 100;

export class TerminalReview {
  readonly #options: ReviewOptions;
  readonly #left = new AbortController();
  #context: Context | null = null;
  #state: State | null = null;
  #drawing: Drawing | null = null;
  /** Set while it is asked. */
  #asked: { prepared: Prepared; about: Asked; decide(answer: TerminalAnswer): void; fail(error: unknown): void } | null = null;
  #summary: SummaryEdit | null = null;
  #tick: NodeJS.Timeout | undefined;
  #soon: NodeJS.Timeout | undefined;

  constructor(options: ReviewOptions) {
    this.#options = options;
  }

  /** Aborted where the person leaves while checks still run. */
  get signal(): AbortSignal {
    return this.#left.signal;
  }

  /** Opens the screen: nothing is prepared yet. */
  readonly onBegin = (context: Context, { id, metadata: { topic, goal } }: Found['session']): void => {
    this.#context = context;
    this.#state = firstState(
      emptyReview({ id, topic, goal }),
      firstEdits(this.#options.by, this.#options.dropped),
      { columns: 80, rows: 24 },
      Date.now(),
    );
    this.#show();
  };

  readonly onProgress = (text: string): void => {
    if (this.#drawing) this.#learn({ kind: 'note', text });
    else this.#options.note(text);
  };

  readonly onFound = (found: Found): void => {
    if (!this.#drawing || !this.#context) return;
    const landing = previewOf(this.#context, found, null);
    this.#learn({ kind: 'found', review: reviewOf(found, { key: this.#context.key, again: null, landing }) });
  };

  readonly onCheck: OnCheck = (check) => {
    if (this.#drawing) this.#learn({ kind: 'check', check, at: Date.now() }, check.phase === 'output');
  };

  /** Shows what was prepared and waits for a decision; the terminal is given back before this returns. */
  async ask(prepared: Prepared, about: Asked): Promise<TerminalAnswer> {
    if (!this.#drawing) this.#show();
    try {
      return await new Promise<TerminalAnswer>((decide, fail) => {
        this.#asked = { prepared, about, decide, fail };
        this.#ready();
      });
    } finally {
      this.#asked = null;
      this.close();
    }
  }

  /** Gives the terminal back. */
  close(): void {
    clearInterval(this.#tick);
    clearTimeout(this.#soon);
    this.#state?.pager?.source.close();
    this.#drawing?.close();
    this.#drawing = null;
  }

  #show(): void {
    const drawing = drawOn({
      rows: (size) => {
        if (this.#state) this.#state = { ...this.#state, size };
        return this.#state ? frame(this.#state) : [];
      },
      onKey: (input, key) => {
        if (!this.#state) return;
        const { state, effect } = press(this.#state, input, key);
        this.#become(state);
        if (effect) this.#run(effect).catch((error: unknown) => this.#asked?.fail(error));
      },
      onGone: () => this.#decide({ verdict: 'leave' }),
    });
    this.#drawing = drawing;
    this.#become({ asking: null, pager: null, message: null });
    this.#tick = setInterval(() => this.#state?.data.stage === 'checking' && this.#become({ now: Date.now() }), 1000);
  }

  #become(over: Partial<State>): void {
    if (!this.#state) return;
    this.#state = { ...this.#state, ...over };
    clearTimeout(this.#soon);
    this.#soon = undefined;
    this.#drawing?.draw();
  }

  #learn(fact: DataEvent, soon = false): void {
    if (!this.#state) return;
    const data = after(this.#state.data, fact);
    if (!soon) {
      this.#become({ data, now: Date.now() });
      return;
    }
    this.#state = { ...this.#state, data };
    this.#soon ??= setTimeout(() => this.#become({ now: Date.now() }), OUTPUT_MS);
  }

  #ready(): void {
    if (!this.#asked) return;
    const { prepared, about } = this.#asked;
    if (this.#state) this.#state = { ...this.#state, message: null };
    this.#learn({ kind: 'ready', review: reviewOf(prepared, about), blocked: blocking(prepared.checks).map(({ name }) => name) });
  }

  async #run(effect: Effect): Promise<void> {
    if (effect.do === 'decide') return this.#decide(effect.verdict);
    if (effect.do === 'check-again') return this.#checkAgain(effect.check);
    if (effect.do === 'open-diff') return this.#openDiff(effect);
    if (effect.do === 'open-log') return this.#openLog(effect.check);
    const { repo } = this.#options;
    if (effect.do === 'edit-pattern') return this.#edit((prepared, { edits }) => editPattern(repo, prepared, edits, effect.key));
    return this.#edit((prepared, { edits }) => editSummary(repo, prepared, edits, this.#summary));
  }

  #decide(verdict: Verdict): void {
    const answer = this.#answerOf(verdict);
    if (this.#state?.data.stage !== 'ready') {
      // Checks run: they are ended, and whoever waits for them is told.
      this.close();
      this.#left.abort(new Error('The person left.'));
    }
    this.#asked?.decide(answer);
  }

  #answerOf(verdict: Verdict): TerminalAnswer {
    if (!this.#state || !this.#asked || verdict.verdict === 'leave') return { verdict: 'leave' };
    if (verdict.verdict === 'reject') return { verdict: 'reject', reasons: verdict.reasons.map(parseReason) };
    const { data, edits } = this.#state;
    const summary = this.#summary ? { summary: this.#summary } : {};
    return { verdict: 'approve', ...decisionOf(edits), accepted: data.concerns, prepared: this.#asked.prepared, ...summary };
  }

  /** One check once more, while the review stays open. */
  async #checkAgain(name: string): Promise<void> {
    if (!this.#asked) return;
    const before = this.#asked.prepared;
    try {
      this.#asked.prepared = await rerunCheck(this.#options.repo, before, name, { onCheck: this.onCheck, signal: this.signal });
    } catch (error) {
      if (this.signal.aborted) return;
      throw error;
    }
    this.#ready();
  }

  #openPager(pager: Pick<Pager, 'title' | 'kind' | 'source' | 'path'>): void {
    this.#become({ pager: { ...pager, place: START, atEnd: false, left: 0 } });
  }

  #openDiff({ path, from, to }: { path: string; from: string; to: string }): void {
    const child = startDiff(this.#options.repo, { from, to, path });
    const source = lazyLines(child.stdout, { onMore: () => this.#become({}), stop: () => child.kill() });
    this.#openPager({ title: oneLine(path, 400), kind: 'diff', source, path });
  }

  #openLog(check: string): void {
    const row = this.#state?.data.checks.find(({ name }) => name === check);
    if (row) this.#openPager({ title: `Output of ${oneLine(check, 80)}`, kind: 'log', source: this.#logOf(row), path: null });
  }

  #logOf({ result, lines }: CheckRow): TextSource {
    if (!result) return { lines, done: false, note: null, want: () => {}, close: () => {} };
    if (result.log_sha256 === null) return wholeText(`${visible(result.detail)}\n\nNo output of it is kept.`);
    const stream = createReadStream(logPath(this.#options.repo.commonDir, result.log_sha256));
    return lazyLines(stream, { onMore: () => this.#become({}), stop: () => {} });
  }

  /** Gives the terminal to the editor, and opens the screen again. */
  async #edit(act: (prepared: Prepared, state: State) => Promise<PatternEdited & Partial<Edited>>): Promise<void> {
    if (!this.#asked || !this.#state) return;
    this.close();
    const { edits, message, summary } = await act(this.#asked.prepared, this.#state);
    if (summary !== undefined) this.#summary = summary;
    this.#show();
    this.#become({ edits, message });
  }
}
