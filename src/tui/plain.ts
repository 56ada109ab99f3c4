/** The review as a conversation in plain lines: for screen readers and terminals that cannot move the cursor. The same facts, the same questions. */

import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { logPath } from '../closeout/checks/index.ts';
import type { Asked } from '../closeout/context.ts';
import type { SummaryEdit } from '../closeout/land/seal.ts';
import { blocking, type Prepared } from '../closeout/prepare/prepare.ts';
import { rerunCheck } from '../closeout/prepare/rerun.ts';
import { reviewOf } from '../closeout/prepare/review.ts';
import { parseReason } from '../core/session/reason.ts';
import { wrapLine } from '../core/text/columns.ts';
import { oneLine, visible } from '../core/text/text.ts';
import { startDiff } from '../git/diff-text.ts';
import { after, emptyReview, type ReviewData } from './data.ts';
import { answer, firstQuestion, type Question, type Verdict } from './decision.ts';
import { type Edited, editPattern, editSummary, type PatternEdited } from './edits.ts';
import { caseOf, questionLines } from './panel.ts';
import { COMMANDS, type PlainCommand, parseCommand } from './plain-commands.ts';
import type { ReviewOptions, TerminalAnswer } from './review.tsx';
import { decisionOf, type Edits } from './screens/view.ts';
import { firstEdits, SCREENS } from './state.ts';
import { Lines } from './typed-lines.ts';
import { ownTerminal } from './window.ts';

export interface PlainOptions extends ReviewOptions {
  /** Prints a line of the review. */
  say(line: string): void;
  /** Columns. */
  width: number;
}

export class PlainReview {
  readonly #options: PlainOptions;
  readonly signal = new AbortController().signal;
  #prepared: Prepared | null = null;
  #data: ReviewData | null = null;
  #edits: Edits;
  #summary: SummaryEdit | null = null;

  constructor(options: PlainOptions) {
    this.#options = options;
    this.#edits = firstEdits(options.by, options.dropped);
  }

  readonly onProgress = (text: string): void => this.#options.note(text);

  close(): void {}

  /** Prints every screen, asks, and does what is typed until somebody has decided. */
  async ask(prepared: Prepared, about: Asked): Promise<TerminalAnswer> {
    this.#take(prepared, about);
    this.#printAll();
    const input = ownTerminal() ?? process.stdin;
    const lines = new Lines(input);
    const stop = () => lines.close();
    process.on('SIGINT', stop);
    try {
      const verdict = await this.#converse(about, lines);
      if (verdict.verdict === 'leave') return verdict;
      if (verdict.verdict === 'reject') return { verdict: 'reject', reasons: verdict.reasons.map(parseReason) };
      const summary = this.#summary ? { summary: this.#summary } : {};
      const accepted = this.#data?.concerns ?? [];
      return { verdict: 'approve', ...decisionOf(this.#edits), accepted, prepared: this.#prepared ?? prepared, ...summary };
    } finally {
      process.off('SIGINT', stop);
      lines.close();
      if (input !== process.stdin) input.destroy();
    }
  }

  #take(prepared: Prepared, about: Asked): void {
    const review = reviewOf(prepared, about);
    this.#prepared = prepared;
    this.#data = after(emptyReview(review.facts), { kind: 'ready', review, blocked: blocking(prepared.checks).map(({ name }) => name) });
  }

  #printAll(): void {
    const { say } = this.#options;
    say(`Closeout of ${oneLine(this.#data?.topic ?? '')}`);
    for (const n of SCREENS.keys()) this.#print(n);
    say('');
    this.#help();
  }

  #help(): void {
    for (const row of wrapLine({ text: COMMANDS, indent: 0 }, this.#options.width)) this.#options.say(row);
  }

  #print(n: number, onlySince = false): void {
    const { say, width } = this.#options;
    const screen = SCREENS[n];
    if (!screen || !this.#data) return;
    const view = { data: this.#data, edits: this.#edits, folded: new Set<string>(), onlySince, width, now: 0, draws: false };
    say('');
    say(`${n + 1} ${screen.name}`);
    for (const line of screen.screen(view)) {
      const text = line.draw().map((span) => span.text);
      say(`${line.target === null ? '' : '   '}${text.join('')}`.trimEnd());
    }
  }

  async #converse(about: Asked, lines: Lines): Promise<Verdict> {
    const of = () => ({ ...caseOf({ data: this.#data as ReviewData }), blocked: (this.#data?.blocked.length ?? 0) > 0 });
    let question: Question = firstQuestion(of());
    for (;;) {
      this.#askFor(question);
      const line = await lines.next();
      if (line === null) return { verdict: 'leave' };
      const command = question.ask === 'reason' || question.ask === 'topic' ? null : parseCommand(line);
      if (command) {
        await this.#do(command, about, lines);
        // What was run again or dropped may change what is asked.
        question = firstQuestion(of());
        continue;
      }
      const next = answer(of(), question, line);
      if ('verdict' in next) return next;
      question = next;
    }
  }

  #askFor(question: Question): void {
    if (!this.#data) return;
    this.#options.say('');
    for (const line of questionLines(question, { data: this.#data, notes: [] })) {
      for (const row of wrapLine(line, this.#options.width)) this.#options.say(row);
    }
  }

  async #do(command: PlainCommand, about: Asked, lines: Lines): Promise<void> {
    const { say } = this.#options;
    if (command.name === 'show') return this.#show(command.argument);
    if (command.name === 'help') return this.#help();
    if (command.name === 'edit') return say(await this.#edit(command.argument, lines));
    if (command.name === 'diff') return this.#diff(command.argument);
    if (command.name === 'since') return this.#since(command.argument);
    if (command.name === 'output') return this.#output(command.argument);
    if (command.name === 'again') return this.#again(command.argument, about);
    say(this.#keepOrDrop(command));
  }

  #show(number: string): void {
    if (number === '') this.#printAll();
    else if (SCREENS[Number(number) - 1]) this.#print(Number(number) - 1);
    else
      this.#options.say(
        `There is no screen ${oneLine(number, 20)}: show takes ${SCREENS.map(({ name }, n) => `${n + 1} ${name}`).join(', ')}.`,
      );
  }

  async #diff(path: string): Promise<void> {
    const { facts, range, since } = this.#data?.review ?? {};
    const known = [...(facts?.artifacts ?? []), ...(facts?.workspace ?? []), ...(since?.files ?? [])].map((file) => file.path);
    const found = known.find((one) => one === path) ?? known.find((one) => one.endsWith(`/${path}`));
    if (!found || !range) return this.#options.say(`No changed file is called ${oneLine(path)}.`);
    return this.#printStream(startDiff(this.#options.repo, { ...range, path: found }).stdout);
  }

  /** What changed since the review that was sent back: all of it, or the diff of one file from there. */
  async #since(path: string): Promise<void> {
    const { since, range } = this.#data?.review ?? {};
    if (!since || !range) return this.#options.say('Nothing was sent back before: there is no earlier review to compare with.');
    const files = SCREENS.findIndex((screen) => screen.name === 'Files');
    if (path === '') return this.#print(files, true);
    const found = since.files.find((file) => file.path === path || file.path.endsWith(`/${path}`));
    if (!found) return this.#options.say(`${oneLine(path)} has not changed since.`);
    return this.#printStream(startDiff(this.#options.repo, { from: since.commit, to: range.to, path: found.path }).stdout);
  }

  async #output(name: string): Promise<void> {
    const log = this.#data?.checks.find((check) => check.name === name)?.result?.log_sha256;
    if (!log) return this.#options.say(`No output of a check ${oneLine(name, 80)} is kept.`);
    return this.#printStream(createReadStream(logPath(this.#options.repo.commonDir, log)));
  }

  async #printStream(stream: Readable): Promise<void> {
    try {
      for await (const line of createInterface({ input: stream })) this.#options.say(visible(stripVTControlCharacters(line), '\t'));
    } catch (error) {
      this.#options.say(visible(error instanceof Error ? error.message : String(error)));
    }
  }

  async #again(name: string, about: Asked): Promise<void> {
    if (!this.#prepared?.checks.some((check) => check.name === name)) return this.#options.say(`There is no check ${oneLine(name, 80)}.`);
    this.#options.note(`Check ${oneLine(name, 80)} \u2026`);
    this.#take(await rerunCheck(this.#options.repo, this.#prepared, name), about);
    this.#print(SCREENS.findIndex((screen) => screen.name === 'Checks'));
  }

  #keyOf(argument: string): string | null {
    const keys = this.#data?.review?.facts.patterns.map((pattern) => pattern.key) ?? [];
    return keys.find((one) => one === argument || one === `pattern/${argument}`) ?? null;
  }

  #keepOrDrop({ name, argument }: PlainCommand): string {
    const key = this.#keyOf(argument);
    if (this.#data?.review?.sealed) return SEALED;
    if (key === null) return `There is no pattern ${oneLine(argument)}.`;
    const dropped = new Set(this.#edits.dropped);
    if (name === 'drop') dropped.add(key);
    else dropped.delete(key);
    this.#edits = { ...this.#edits, dropped };
    return `${oneLine(key)} is ${name === 'drop' ? 'dropped' : 'kept'}.`;
  }

  /** The summary, or one pattern, in the editor. */
  async #edit(argument: string, lines: Lines): Promise<string> {
    const prepared = this.#prepared;
    if (!prepared || prepared.sealed) return SEALED;
    const { repo } = this.#options;
    const key = argument === '' ? null : this.#keyOf(argument);
    if (argument !== '' && key === null) return `There is no pattern ${oneLine(argument)}.`;
    lines.pause();
    const done: PatternEdited & Partial<Edited> =
      key === null ? await editSummary(repo, prepared, this.#edits, this.#summary) : await editPattern(repo, prepared, this.#edits, key);
    lines.resume();
    this.#edits = done.edits;
    if (done.summary !== undefined) this.#summary = done.summary;
    return done.message ?? 'Edited; the seal marks it so.';
  }
}

const SEALED = 'It is sealed: nothing can be dropped or edited. Send it back instead.';
