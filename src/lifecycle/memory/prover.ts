/**
 * What other sessions left at a commit: found, then proven. Anybody may have written what was found; who approved it is asked only of the
 * sessions that something is about to be shown of. A process that lives on asks nobody twice. Hot path: the full check, and npm packages
 * with it, are loaded where the quick proof does not say yes.
 */

import type { Standing } from '../../core/memory/index.ts';
import { landedText } from '../../core/memory/landed-text.ts';
import type { SessionId } from '../../core/session/session-id.ts';
import type { Located } from '../../git/locate.ts';
import type { LandedPart } from '../../store/landed-cache.ts';
import type { ApprovedLog, ApprovedOptions } from '../../trust/approved.ts';
import { quickLogs } from '../../trust/quick-proof.ts';
import { type Landed, landedAt } from './landed.ts';

/** `except`: the session that asks, which reads its own log itself. */
export type ProveOptions = Pick<ApprovedOptions, 'known' | 'quick' | 'effective' | 'except'>;

export class Prover {
  readonly #place: Located;
  readonly #treeish: string;
  readonly #options: ProveOptions;
  readonly #proven = new Map<string, { log: ApprovedLog; text: string } | null>();
  #found: Landed | null | undefined;
  #version = 0;

  constructor(place: Located, treeish: string, options: ProveOptions = {}) {
    this.#place = place;
    this.#treeish = treeish;
    this.#options = options;
  }

  get #landed(): Landed | null {
    if (this.#found === undefined) this.#found = landedAt(this.#place, this.#treeish, this.#options);
    return this.#found;
  }

  /** The commit, or as it was named where there is none. */
  get commit(): string {
    return this.#landed?.commit ?? this.#treeish;
  }

  /** The lines of each session that somebody approved, or of whom nobody asked; with `naming` where a line holds one of these texts. */
  parts(naming?: readonly string[]): { id: SessionId; text: string }[] {
    return (this.#landed?.parts(naming) ?? []).flatMap(({ id, text }) => {
      const proven = this.#proven.get(id);
      return proven === null ? [] : [{ id, text: proven?.text ?? text }];
    });
  }

  /** Of other sessions than the one that asks. */
  readonly standing: Standing = (session) => {
    const proven = this.#proven.get(session);
    return proven === undefined ? undefined : proven !== null;
  };

  /** Grows where what was found was not what was approved: then it has to be found again. */
  get version(): number {
    return this.#version;
  }

  /** Where the session's lines were found; null where there are none. */
  found(session: SessionId): LandedPart | null {
    return this.#landed?.part(session) ?? null;
  }

  /** The session's approved log; null where nobody approved it, or nobody asked. */
  log(session: string): ApprovedLog | null {
    return this.#proven.get(session)?.log ?? null;
  }

  /** Asks who approved these sessions. */
  async prove(sessions: Iterable<string>): Promise<void> {
    const open = new Set([...sessions].filter((id) => !this.#proven.has(id)) as SessionId[]);
    const parts = [...open].flatMap((id) => this.#landed?.part(id) ?? []);
    const logs = quickLogs(this.#place, parts);
    const left = new Set(open);
    for (const { id } of logs) left.delete(id);
    if (left.size > 0) logs.push(...(await this.#fully(left)));
    for (const id of open) this.#proven.set(id, null);
    for (const log of logs) this.#proven.set(log.id, { log, text: landedText(log.files.map(({ bytes }) => bytes.toString('utf8'))) });
    const wrong = parts.filter(({ id, text }) => (this.#proven.get(id)?.text ?? text) !== text).map(({ id }) => id);
    if (wrong.length > 0) this.#version++;
    if (wrong.length > 0 && this.#landed?.isWrong(wrong)) {
      // A cache that was wrong once is believed nothing.
      this.#found = landedAt(this.#place, this.commit, { ...this.#options, blind: true });
    }
  }

  async #fully(only: ReadonlySet<SessionId>): Promise<ApprovedLog[]> {
    const [{ openRepo }, { approvedLogs }] = await Promise.all([import('../../git/repo.ts'), import('../../trust/approved.ts')]);
    return approvedLogs(await openRepo(this.#place.top), this.commit, { ...this.#options, only });
  }
}
