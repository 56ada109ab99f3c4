#!/bin/sh
# Hands an event of Claude Code to git-session, or starts its MCP server: sh hook.sh <event>, or: mcp
# Where the repository connects Claude Code itself (git session init --agent claude), the event comes that way, and nothing fires twice.
top=${CLAUDE_PROJECT_DIR:-.}
if [ -f "$top/.swarm/hook.sh" ]; then
  if [ "$1" = mcp ]; then exec sh "$top/.swarm/hook.sh" mcp; fi
  grep -q '\.swarm/hook\.sh' "$top/.claude/settings.json" 2>/dev/null && exit 0
fi
tool=$(command -v git-session) || exit 0
tool=$(readlink -f "$tool") || exit 0
node=$(command -v node) || exit 0
hook=${tool%/*}/hook.cjs
[ -r "$hook" ] || exit 0
if [ "$1" = mcp ]; then exec "$node" "$tool" mcp; fi
NODE_EXTRA_CA_CERTS='' NODE_OPTIONS='' GIT_SESSION_HOOK=1 "$node" "$hook" agent claude "$1"
exit 0
