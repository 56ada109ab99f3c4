/** One token format to look for. */

export interface SecretRule {
  /** Provider or kind, as messages and policy's `secrets.allow` name it. */
  rule: string;
  /** Source of the expression; a group called `password` is the secret where there is one. */
  source: string;
  flags: string;
  /** Every match contains one of these. */
  keywords: readonly string[];
  /** Ends of the paths that it is looked for in; everywhere when left out. */
  files?: readonly string[];
}
