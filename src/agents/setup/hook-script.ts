/** The tracked script through which every client reaches the program of this clone. Pure. */

/** POSIX sh. Whatever is missing or broken, the client goes on: it exits with 0 and says nothing. */
export const HOOK_SCRIPT = `#!/bin/sh
# Hands an event of an agent's client to git-session, or starts its MCP server: sh .swarm/hook.sh <client> <event>, or: mcp
# Where this clone has no git-session (git session init puts it there), it does nothing.
top=\${0%/*}/..
git=$top/.git
if [ -f "$git" ]; then
  IFS= read -r line <"$git"
  git=\${line#gitdir: }
  case $git in /* | ?:*) ;; *) git=$top/$git ;; esac
fi
if [ -f "$git/commondir" ]; then
  IFS= read -r line <"$git/commondir"
  case $line in /* | ?:*) git=$line ;; *) git=$git/$line ;; esac
fi
[ -r "$git/git-session/tool" ] || exit 0
{ IFS= read -r node && IFS= read -r hook; } <"$git/git-session/tool" || exit 0
[ -x "$node" ] && [ -r "$hook" ] || exit 0
if [ "$1" = mcp ]; then exec "$node" "\${hook%/*}/cli.cjs" mcp; fi
NODE_EXTRA_CA_CERTS='' NODE_OPTIONS='' GIT_SESSION_HOOK=1 "$node" "$hook" agent "$@"
# A worktree that cannot be removed is the one failure that the client is told of.
[ $? -ne 3 ]
`;
