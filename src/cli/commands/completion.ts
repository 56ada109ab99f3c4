import { usageError } from '../../core/errors.ts';
import { oneLine } from '../../core/text/text.ts';
import type { CommandSpec } from '../command.ts';
import { completionModel, SHELLS } from '../completion/model.ts';

export const command: CommandSpec = {
  name: 'completion',
  summary: 'Print a completion script for a shell',
  details:
    'Completes commands, options, values and sessions, for `git-session` and for `git session`. The script asks git alone for sessions: completing starts no Node.\n\n' +
    'It belongs where your shell looks for it; make it again after an update.',
  args: [{ spec: '<shell>', description: `one of ${SHELLS.join(', ')}` }],
  examples: [
    'git session completion bash > ~/.local/share/bash-completion/completions/git-session',
    'git session completion zsh > ~/.zfunc/_git-session     (with fpath+=~/.zfunc before compinit)',
    'git session completion fish > ~/.config/fish/conf.d/git-session.fish',
  ],
  run: async ({ io, args: [shell = ''] }) => {
    if (!SHELLS.some((one) => one === shell)) {
      throw usageError({ what: `There is no completion for "${oneLine(shell, 20)}".`, next: `The shells are: ${SHELLS.join(', ')}.` });
    }
    const model = await completionModel();
    if (shell === 'bash') io.raw((await import('../completion/bash.ts')).bashScript(model));
    else if (shell === 'zsh') io.raw((await import('../completion/zsh.ts')).zshScript(model));
    else io.raw((await import('../completion/fish.ts')).fishScript(model));
  },
};
