/**
 * The one error that the product throws on purpose. The entry prints it once:
 * what happened, why, and what to do next; anything else is a bug (exit 70).
 */

/** Exit codes, design "Commands". 0 is done. */
export const EXIT = {
  /** The state or the input does not allow it. */
  state: 1,
  /** Wrong usage of the command line. */
  usage: 2,
  /** Declined, or a person is needed. */
  person: 3,
  /** Verification failed. */
  verification: 4,
  /** A bug of ours. */
  bug: 70,
} as const;

export type ErrorKind = keyof typeof EXIT;

export interface ErrorText {
  /** What happened: one sentence. */
  what: string;
  /** Why, when the first sentence does not already say it. */
  why?: string | undefined;
  /** What to do next: one sentence or one command a line. */
  next?: string | undefined;
}

export class SessionError extends Error {
  readonly kind: ErrorKind;
  readonly why: string | undefined;
  readonly next: string | undefined;

  constructor(kind: ErrorKind, text: ErrorText, options?: { cause?: unknown }) {
    super(text.what, options);
    this.name = 'SessionError';
    this.kind = kind;
    this.why = text.why;
    this.next = text.next;
  }

  get exitCode(): number {
    return EXIT[this.kind];
  }
}

/** The state or the input does not allow it (exit 1). */
export const stateError = (text: ErrorText, cause?: unknown) => new SessionError('state', text, { cause });
/** Wrong usage (exit 2). */
export const usageError = (text: ErrorText) => new SessionError('usage', text);
/** Declined, or needs a person (exit 3). */
export const personError = (text: ErrorText) => new SessionError('person', text);
/** Verification failed (exit 4). */
export const verificationError = (text: ErrorText) => new SessionError('verification', text);
