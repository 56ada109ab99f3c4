#!/bin/sh
# npm run demo | npm test: sets up a fresh clone (install, build), then does the job.
set -eu
cd "$(dirname "$0")/.."
stamp=node_modules/.git-session-installed
if [ ! -f "$stamp" ] || ! cmp -s package-lock.json "$stamp"; then
  npm ci --no-fund --no-audit --loglevel=error
  cp package-lock.json "$stamp"
fi
npm run --silent build
case $1 in
demo) exec node scripts/demo.mjs ;;
test)
  npm run --silent lint
  npm run --silent typecheck
  npm run --silent vitest
  if command -v gpg >/dev/null 2>&1; then gpg='gpg is here'; else gpg='gpg is missing here'; fi
  echo "Not part of this: signing with gpg, in npm run test:gpg ($gpg)."
  ;;
*) echo "with-setup.sh: demo or test" >&2; exit 2 ;;
esac
