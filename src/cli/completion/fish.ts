/** Completion for fish, also for `git session`. */

import type { CommandModel, Model, OptionModel, Words } from './model.ts';

export function fishScript({ commands, groups }: Model): string {
  const names = commands.map(({ name }) => name);
  const first = [...commands.filter(({ name }) => !name.includes(' ')), ...groups];
  const word = (at: string, name: string, about: string) =>
    `complete -c git-session -n "__fish_git_session_at '${at}'" -a ${name} -d ${quotedFish(about)}`;
  return `# fish completion for git-session, and for "git session".
# Made by: git session completion fish. Save it as ~/.config/fish/conf.d/git-session.fish

# Succeeds where the words typed before this one name the command $argv, and nothing more is needed to name one.
function __fish_git_session_at
    set -l typed (commandline -opc)
    set -e typed[1]
    set -l name "$typed[1..2]"
    contains -- "$name" ${names
      .filter((name) => name.includes(' '))
      .map(quotedFish)
      .join(' ')}; or set name "$typed[1]"
    test "$name" = "$argv"
end

# Sessions by branch, backup tag and trash; with "session-" in front where that is being typed.
function __fish_git_session_sessions
    set -l front ''
    string match -q 'session-*' -- (commandline -ct); and set front session-
    git for-each-ref --format='%(refname)' refs/heads refs/tags/backup refs/git-session/trash 2>/dev/null |
        string replace -rf '^.*/(?:session-)?([0-9]{8}-[0-9]{6}-[a-z0-9-]*)$' "$front"'$1' | sort -ru
end

function __fish_git_session_branches
    git for-each-ref --format='%(refname:short)' refs/heads 2>/dev/null
end

# fish's own git completion asks those of git-session from some version on; this does so in every one.
function __fish_git_session_through_git
    set -l typed (commandline -opc)
    set -l at (contains -i -- session $typed); or return
    set -e typed[1..$at]
    complete -C (string join ' ' -- git-session (string escape -- $typed) '')(commandline -ct)
end

complete -c git -f -n '__fish_git_using_command session' -a '(__fish_git_session_through_git)'
complete -c git-session -f
${first.map(({ name, about }) => word('', name, about)).join('\n')}
${groups.flatMap(({ name }) => commands.flatMap((one) => (one.name.startsWith(`${name} `) ? [word(name, one.name.slice(name.length + 1), one.about)] : []))).join('\n')}
${commands.flatMap(lines).join('\n')}
`;
}

function lines({ name, options, args }: CommandModel): string[] {
  const at = `complete -c git-session -n "__fish_git_session_at '${name}'"`;
  const option = ({ long, short, about, value }: OptionModel) =>
    `${at} -l ${long.slice(2)}${short ? ` -s ${short.slice(1)}` : ''}${value ? takes(value) : ''} -d ${quotedFish(about)}`;
  return [...options.map(option), ...(args.kind === 'none' ? [] : [`${at}${takes(args).replace(/^ -[rx]/, '')}`])];
}

/** `-r` takes a value and files, `-x` a value and no files. */
function takes(words: Words): string {
  if (words.kind === 'file') return ' -r -F';
  if (words.kind === 'none') return ' -x';
  const list = words.kind === 'list' ? words.words.join(' ') : `(__fish_git_session_${words.kind === 'session' ? 'sessions' : 'branches'})`;
  return ` -x -a ${quotedFish(list)}`;
}

function quotedFish(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
