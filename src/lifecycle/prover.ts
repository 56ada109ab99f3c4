/**
 * What was found, then proven: which sessions an approver has approved, asked only of those that something is about to be shown of. A process
 * that lives on asks nobody twice. Hot path: the full check, and npm packages with it, are loaded where the quick proof does not say yes.
 */

import { landedText } from '../core/landed-text.ts';
import type { Standing } from '../core/memory-index.ts';
import type { SessionId } from '../core/session-id.ts';
import type { Located } from '../git/locate.ts';
import type { ApprovedLog, ApprovedOptions } from '../trust/approved.ts';
import { quickLogs } from '../trust/quick-proof.ts';
import type { Landed } from './landed.ts';

export type ProveOptions = Pick<ApprovedOptions, 'known' | 'quick'>;

/** An approved log and what memory asks of it. */
export interface ProvenLog extends ApprovedLog {
  text: string;
}

export class Prover {
  readonly #place: Located;
  readonly #landed: Landed;
  readonly #options: ProveOptions;
  readonly #proven = new Map<string, ProvenLog | null>();

  /** Proves logs as they are at the commit of `landed`. */
  constructor(place: Located, landed: Landed, options: ProveOptions = {}) {
    this.#place = place;
    this.#landed = landed;
    this.#options = options;
  }

  /** Of a session in `landed`; the caller's own is none of these. */
  readonly standing: Standing = (session) => {
    const log = this.#proven.get(session);
    return log === undefined ? undefined : log !== null;
  };

  /** The session's approved log; null where nobody approved it, or it was not proven. */
  log(session: string): ProvenLog | null {
    return this.#proven.get(session) ?? null;
  }

  /** Asks who approved these sessions. Returns those of which the approved lines are not what was found. */
  async prove(sessions: Iterable<string>): Promise<string[]> {
    const open = new Set([...sessions].filter((id) => !this.#proven.has(id)) as SessionId[]);
    const parts = [...open].flatMap((id) => this.#landed.part(id) ?? []) as {
      id: SessionId;
      tree: string;
      files: [string, string][];
      text: string;
    }[];
    const logs: ApprovedLog[] = quickLogs(this.#place, parts);
    const left = new Set(open);
    for (const { id } of logs) left.delete(id);
    if (left.size > 0) logs.push(...(await this.#fully(left)));
    for (const log of logs) {
      const text = landedText(log.files.map(({ bytes }) => bytes.toString('utf8')));
      this.#proven.set(log.id, { ...log, text });
    }
    for (const id of open) if (!this.#proven.has(id)) this.#proven.set(id, null);
    return parts.flatMap(({ id, text }) => {
      const log = this.log(id);
      return log !== null && log.text !== text ? [id] : [];
    });
  }

  async #fully(only: ReadonlySet<SessionId>): Promise<ApprovedLog[]> {
    const [{ openRepo }, { approvedLogs }] = await Promise.all([import('../git/repo.ts'), import('../trust/approved.ts')]);
    return approvedLogs(await openRepo(this.#place.top), this.#landed.commit, { ...this.#options, only });
  }
}
