/** The person's own hook: it writes down all that it was given, says so, and refuses where it is asked to. */

import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GIT_HOOKS } from '../../../src/core/hooks/hook-block.ts';
import { HOME } from './installed.ts';

/** What a person may have of their own: all that a session attaches to, and some that it must leave alone. */
export const KINDS = [...GIT_HOOKS, 'pre-merge-commit', 'pre-rebase', 'reference-transaction'] as const;

export type Kind = (typeof KINDS)[number];

/** Its exit code where it refuses: none that git or a manager makes up. */
const REFUSAL = 7;

/**
 * Without SPY_LOG it does nothing. `reference-transaction` refuses only while it still can, and only one of refs that an operation means.
 * The message goes without the trailers of a session, which are ours to add, and without empty lines, and the environment is written down whole.
 */
const SCRIPT = `#!/bin/sh
[ -n "\${SPY_LOG-}" ] || exit 0
hook=$1; shift
at=$(pwd -P)
given=$(cat; echo .)
{
  printf '=== %s' "$hook"
  for argument; do printf ' [%s]' "$argument"; done
  printf '\\nin %s, mode %s\\n--- stdin\\n%s\\n' "$at" "$(umask)" "\${given%.}"
  case $hook in
    *commit-msg) echo '--- message'; grep -v '^Session-[A-Z][a-z]*: ' "$1" | grep . ;;
  esac
  case $hook in
    reference-transaction) ;;
    *) echo '--- index'; git ls-files -s -- ':(top)src'; git diff --cached --name-status HEAD -- ':(top)src' ;;
  esac
  echo '--- environment'
  env | sort
} >>"$SPY_LOG" 2>&1
case "\${FAIL-} $hook \${1-} $given" in
  'reference-transaction reference-transaction prepared'*refs/tags/*) ;;
  'reference-transaction '*) exit 0 ;;
  "$hook $hook "*) ;;
  *) echo "$hook: said by the person's hook"; echo "$hook: warned by the person's hook" >&2; exit 0 ;;
esac
echo "$hook: refused by the person's hook" >&2
exit ${REFUSAL}
`;

/** Outside every repository: a hook may run where no file of the checkout is there yet. */
const SPY = join(HOME, 'spy.sh');

export function writeSpy(): void {
  mkdirSync(HOME, { recursive: true });
  writeFileSync(SPY, SCRIPT);
  chmodSync(SPY, 0o755);
}

/** The command line of a hook, without what git gives it. */
export const spy = (hook: string) => `sh ${SPY} ${hook}`;
