/** Completion for bash 3.2 and later, also through git's own: it calls `_git_session` for `git session`. */

import { type CommandModel, type Model, type OptionModel, quoted, type Words } from './model.ts';

export function bashScript({ commands, groups }: Model): string {
  const first = [...commands.map(({ name }) => name.split(' ')[0] ?? ''), ...groups.map(({ name }) => name)];
  const group = (name: string) => commands.flatMap((one) => (one.name.startsWith(`${name} `) ? [one.name.slice(name.length + 1)] : []));
  return `# bash completion for git-session, and for "git session" where git's own completion is loaded.
# Made by: git session completion bash

# Keeps the lines of standard input that begin with the word being typed. Nothing of them is expanded or run.
__git_session_reply ()
{
	local word
	while IFS= read -r word; do
		case $word in
		"$cur"*)
			case $word in *[!A-Za-z0-9._/@+-]*) printf -v word %q "$word" ;; esac
			COMPREPLY+=("$word ")
			;;
		esac
	done
}

# Sessions by branch, backup tag and trash, newest first; with "session-" in front where that is being typed.
__git_session_sessions ()
{
	local front=
	case $cur in session-*) front=session- ;; esac
	git for-each-ref --format='%(refname)' refs/heads refs/tags/backup refs/git-session/trash 2>/dev/null |
		sed -n "s|^.*/\\(session-\\)\\{0,1\\}\\([0-9]\\{8\\}-[0-9]\\{6\\}-[a-z0-9-]*\\)\\$|$front\\2|p" | sort -ru
}

# What a word is: $1 the command, $2 the option before it, or nothing for an argument. Sets words.
__git_session_words ()
{
	words=
	case "$1 $2" in
${commands.flatMap(wordCases).join('\n')}
	esac
}

__git_session_options ()
{
	case $1 in
${commands.map(({ name, options }) => `\t${quoted(name)}) printf '%s\\n' ${options.map(({ long }) => long).join(' ')} ;;`).join('\n')}
	esac
}

# $1: where in COMP_WORDS the word "session" or "git-session" stands.
__git_session_complete ()
{
	local at=$(($1 + 1)) cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} name words
	COMPREPLY=()
	name=\${COMP_WORDS[at]}
	if [ "$COMP_CWORD" -le "$at" ]; then
		__git_session_reply < <(printf '%s\\n' ${[...new Set(first)].join(' ')})
		return
	fi
	case $name in
${groups.map(({ name }) => `\t${name})\n\t\tat=$((at + 1))\n\t\tif [ "$COMP_CWORD" -eq "$at" ]; then\n\t\t\t__git_session_reply < <(printf '%s\\n' ${group(name).join(' ')})\n\t\t\treturn\n\t\tfi\n\t\tname="$name \${COMP_WORDS[at]}"\n\t\t;;`).join('\n')}
	esac
	# bash takes "--state=closed" for three words.
	if [ "$cur" = = ]; then
		cur=
	elif [ "$prev" = = ]; then
		prev=\${COMP_WORDS[COMP_CWORD-2]}
	fi
	case $prev in -*) ;; *) prev= ;; esac
	__git_session_words "$name" "$prev"
	if [ -z "$words" ]; then
		case $cur in
		-*)
			__git_session_reply < <(__git_session_options "$name")
			return
			;;
		esac
		__git_session_words "$name" ''
	fi
	# Files, and words that only a person knows, are left to bash.
	case $words in
	'' | file | none) ;;
	session) __git_session_reply < <(__git_session_sessions) ;;
	branch) __git_session_reply < <(git for-each-ref --format='%(refname:short)' refs/heads 2>/dev/null) ;;
	*) __git_session_reply < <(printf '%s\\n' \${words#list }) ;;
	esac
}

_git_session ()
{
	local at=0
	while [ "$at" -lt "$COMP_CWORD" ] && [ "\${COMP_WORDS[at]}" != session ]; do at=$((at + 1)); done
	__git_session_complete "$at"
}

__git_session_main ()
{
	__git_session_complete 0
}

complete -o bashdefault -o default -o nospace -F __git_session_main git-session 2>/dev/null ||
	complete -o default -o nospace -F __git_session_main git-session
`;
}

function wordCases({ name, options, args }: CommandModel): string[] {
  const valued = options.filter((option): option is OptionModel & { value: Words } => option.value !== null);
  const line = (option: string, words: Words) => `\t${quoted(`${name} ${option}`)}) words=${quoted(asWords(words))} ;;`;
  return [
    ...valued.flatMap(({ long, short, value }) => [line(long, value), ...(short ? [line(short, value)] : [])]),
    ...(args.kind === 'none' ? [] : [line('', args)]),
  ];
}

function asWords(words: Words): string {
  return words.kind === 'list' ? `list ${words.words.join(' ')}` : words.kind;
}
