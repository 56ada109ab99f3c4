/** Completion for zsh: `_git-session`, which git's own completion calls for `git session`. */

import { type CommandModel, type Model, type OptionModel, quoted, type Words } from './model.ts';

export function zshScript({ commands, groups }: Model): string {
  const plain = commands.filter(({ name }) => !name.includes(' '));
  const described = (rows: { name: string; about: string }[]) =>
    rows.map(({ name, about }) => quoted(`${name}:${about.replaceAll(':', ' -')}`)).join(' ');
  const members = (group: string) =>
    commands.flatMap(({ name, about }) => (name.startsWith(`${group} `) ? [{ name: name.slice(group.length + 1), about }] : []));
  return `#compdef git-session
#description sessions of coding agents as git branches
# Made by: git session completion zsh. Save it as _git-session in a folder of $fpath.

# Sessions by branch, backup tag and trash; with "session-" in front where that is being typed.
__git_session_sessions () {
  local front=
  [[ $PREFIX == session-* ]] && front=session-
  local -a ids
  ids=(\${(f)"$(git for-each-ref --format='%(refname)' refs/heads refs/tags/backup refs/git-session/trash 2>/dev/null |
    sed -n "s|^.*/\\(session-\\)\\{0,1\\}\\([0-9]\\{8\\}-[0-9]\\{6\\}-[a-z0-9-]*\\)$|$front\\2|p" | sort -ru)"})
  compadd -V sessions -- $ids
}

__git_session_branches () {
  local -a names
  names=(\${(f)"$(git for-each-ref --format='%(refname:short)' refs/heads 2>/dev/null)"})
  compadd -- $names
}

_git-session () {
  local -a commands
  local -i used=1
  local name=$words[2]
  if (( CURRENT == 2 )); then
    commands=(${described([...plain, ...groups])})
    _describe -t commands 'git session command' commands
    return
  fi
  case $name in
${groups.map(({ name }) => `    (${name})\n      if (( CURRENT == 3 )); then\n        commands=(${described(members(name))})\n        _describe -t commands 'git session ${name} command' commands\n        return\n      fi\n      name="$name $words[3]"\n      used=2\n      ;;`).join('\n')}
  esac
  shift $used words
  (( CURRENT -= used ))
  case $name in
${commands.map(branch).join('\n')}
  esac
}

if [[ $funcstack[1] == _git-session ]]; then
  _git-session "$@"
elif (( $+functions[compdef] )); then
  compdef _git-session git-session
fi
`;
}

function branch({ name, options, args }: CommandModel): string {
  const specs = [...options.flatMap(optionSpecs), `*:${labelOf(args)}:${actionOf(args)}`];
  return `    (${quoted(name)}) _arguments -s ${specs.map(quoted).join(' ')} ;;`;
}

function optionSpecs({ long, short, about, value, many }: OptionModel): string[] {
  const text = about.replace(/[[\]\\]/g, '\\$&').replaceAll(':', '\\:');
  const takes = value ? `:${labelOf(value)}:${actionOf(value)}` : '';
  return [long, ...(short ? [short] : [])].map((name) => `${many ? '*' : ''}${name}${value && name === long ? '=' : ''}[${text}]${takes}`);
}

function labelOf(words: Words): string {
  return words.kind === 'list' ? 'value' : words.kind === 'none' ? 'word' : words.kind;
}

function actionOf(words: Words): string {
  if (words.kind === 'list') return `(${words.words.join(' ')})`;
  return { session: '__git_session_sessions', branch: '__git_session_branches', file: '_files', none: ' ' }[words.kind];
}
