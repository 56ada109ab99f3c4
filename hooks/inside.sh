# shellcheck shell=sh disable=SC2154,SC2034
# What the hooks beside this file share. POSIX sh, safe under `sh -e`; no process is started outside a session.
# The tracked stub has set git_session_dir (this worktree's git dir) and git_session_common (the one that all worktrees share).

# Sets git_session_id, and succeeds inside a session: HEAD is on a session branch, or this worktree is bound to a session.
git_session_inside() {
  git_session_id=
  [ -r "$git_session_dir/HEAD" ] || return 1
  IFS= read -r git_session_head <"$git_session_dir/HEAD" || :
  # Reftable keeps HEAD elsewhere; only git can tell.
  if [ "$git_session_head" = 'ref: refs/heads/.invalid' ]; then
    git_session_head="ref: $(git symbolic-ref --quiet HEAD 2>/dev/null)" || git_session_head=
  fi
  if git_session_id_of "$git_session_head"; then return 0; fi
  # In the main worktree this is the private folder; in a bound linked one a file with the id.
  [ -f "$git_session_dir/git-session" ] || return 1
  IFS= read -r git_session_id <"$git_session_dir/git-session" || :
  git_session_check "${git_session_id#session-}"
}

# Sets git_session_id, and succeeds where this line of a HEAD is a session's branch.
git_session_id_of() {
  git_session_prefix=session/
  if [ -r "$git_session_common/git-session/prefix" ]; then
    IFS= read -r git_session_prefix <"$git_session_common/git-session/prefix" || :
  fi
  case $1 in
    "ref: refs/heads/$git_session_prefix"*) git_session_check "${1#"ref: refs/heads/$git_session_prefix"}" ;;
    *) return 1 ;;
  esac
}

# Sets git_session_id from one without "session-", and succeeds where it is one.
git_session_check() {
  git_session_id=
  case $1 in
    *[!a-z0-9-]*) return 1 ;;
    [0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]-[0-9][0-9][0-9][0-9][0-9][0-9]-?*) git_session_id=session-$1 ;;
    *) return 1 ;;
  esac
}

# Removes a session's folders as far as they are empty, where the checkout holds no metadata of it.
git_session_tidy() {
  if [ ! -d "$1" ] || [ -h "$1" ] || [ -e "$1/metadata.json" ]; then return 0; fi
  if [ -d "$1/artifacts" ] && [ ! -h "$1/artifacts" ]; then
    rmdir "$1/artifacts/code" "$1/artifacts/tests" "$1/artifacts/docs" "$1/artifacts/scripts" "$1/artifacts/notes" 2>/dev/null || :
    rmdir "$1/artifacts" 2>/dev/null || :
  fi
  rmdir "$1" 2>/dev/null || :
  rmdir sessions 2>/dev/null || :
}

# Runs our program with Node: git_session_run <program beside the hook bundle> <arguments>. Returns its exit code; 0 where it is missing.
git_session_run() {
  [ -r "$git_session_common/git-session/tool" ] || return 0
  { IFS= read -r git_session_node && IFS= read -r git_session_bundle; } <"$git_session_common/git-session/tool" || return 0
  git_session_program=${git_session_bundle%/*}/$1
  shift
  [ -x "$git_session_node" ] && [ -r "$git_session_program" ] || return 0
  # Neither is of use here, and extra certificates alone cost 40 ms.
  NODE_EXTRA_CA_CERTS='' NODE_OPTIONS='' GIT_SESSION_HOOK=1 "$git_session_node" "$git_session_program" "$@" </dev/null
}

# Leaves the id of the git process that is committing, so that checkpoints wait while it lives: some parents up from here.
git_session_mark() {
  git_session_pid=$PPID
  while [ "${git_session_pid:-0}" -gt 1 ]; do
    if [ -r "/proc/$git_session_pid/stat" ]; then
      IFS= read -r git_session_stat <"/proc/$git_session_pid/stat" || return 0
      # "pid (name) state parent ...", and the name may hold anything.
      git_session_name=${git_session_stat#*\(}
      git_session_name=${git_session_name%\)*}
      git_session_parent=${git_session_stat##*\) ? }
      git_session_parent=${git_session_parent%% *}
    else
      git_session_name=$(ps -o comm= -p "$git_session_pid" 2>/dev/null) || return 0
      git_session_parent=$(ps -o ppid= -p "$git_session_pid" 2>/dev/null) || return 0
    fi
    case ${git_session_name##*/} in
      git | git-commit | git-merge | git.exe)
        echo "$git_session_pid" 2>/dev/null >"$git_session_dir/git-session-committing" || :
        return 0
        ;;
    esac
    git_session_pid=${git_session_parent##* }
  done
}

# Reads a commit message: git_session_text where it holds any, git_session_found where its last paragraph names a session.
git_session_read() {
  git_session_text=
  git_session_found=
  git_session_gap=
  while IFS= read -r git_session_line || [ -n "$git_session_line" ]; do
    case $git_session_line in
      '# ------------------------ >8'*) break ;;
      '#'*) ;;
      *[![:space:]]*)
        [ -z "$git_session_gap" ] || git_session_found=
        git_session_gap=
        git_session_text=1
        case $git_session_line in 'Session-Id: '?*) git_session_found=1 ;; esac
        ;;
      *) git_session_gap=1 ;;
    esac
  done <"$1"
}

# Adds the trailers to a commit message, each where its key is not there yet: git_session_trailers <file> [<id only>].
git_session_trailers() {
  git_session_task=
  git_session_agent=
  if [ -z "${2-}" ]; then
    git_session_task=${GIT_SESSION_TASK-}
    git_session_agent=${GIT_SESSION_AGENT-}
    # A value with a line break would forge a trailer.
    case $git_session_task in *[[:cntrl:]]*) git_session_task= ;; esac
    case $git_session_agent in *[[:cntrl:]]*) git_session_agent= ;; esac
  fi
  git interpret-trailers --in-place --no-divider --if-exists doNothing --if-missing add --trailer "Session-Id: $git_session_id" \
    ${git_session_task:+--trailer "Session-Task: $git_session_task"} \
    ${git_session_agent:+--trailer "Session-Agent: $git_session_agent"} -- "$1" 2>/dev/null || :
}
