/** Making signed commits and tag objects with the person's own key and settings. No ref is moved. */

import { readlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { listConfig } from './config.ts';
import { ask, type Repo, type RunOptions, runGit } from './run.ts';

/** Settings that decide who signs, and with what. */
const DECIDES = /^(user|author|committer|gpg)\./;

export interface CommitToSign {
  tree: string;
  parents: string[];
  /** Whole, with its last newline; kept verbatim. */
  message: string;
  /** Author and committer date; now when left out. */
  date?: Date;
}

export interface TagToSign {
  /** Short name, as `backup/<id>`. */
  name: string;
  /** Full id of the commit that it points at. */
  target: string;
  /** Whole, with its last newline; kept verbatim. */
  message: string;
  /** The tagger's date; now when left out. */
  date?: Date;
}

/** `git commit-tree -S`: the new commit's id. Throws GitError where git could not sign. */
export function makeSignedCommit(repo: Repo, commit: CommitToSign): Promise<string> {
  return commitTree(repo, commit, '-S');
}

/** The same without a signature, whatever is configured. */
export function makeCommit(repo: Repo, commit: CommitToSign): Promise<string> {
  return commitTree(repo, commit, '--no-gpg-sign');
}

function commitTree(repo: Repo, commit: CommitToSign, sign: string): Promise<string> {
  const parents = commit.parents.flatMap((parent) => ['-p', parent]);
  // The message goes in by stdin; keys ask for passphrases at the terminal itself.
  return ask(repo, ['-c', 'i18n.commitEncoding=UTF-8', 'commit-tree', sign, ...parents, commit.tree], {
    input: commit.message,
    env: { ...terminalEnv(), ...dates(commit.date) },
  });
}

/**
 * A signed tag object for `target`, named `name` inside, that no ref of the repository names. `git tag` makes refs, so it runs in
 * `scratch` (an empty folder) on the repository's objects. There `includeIf` and the local file do not hold: every setting that
 * decides about signing is resolved in the real repository and handed over. git before 2.43.2 can exit 0 unsigned: look at what came back.
 */
export async function makeSignedTag(repo: Repo, scratch: string, tag: TagToSign): Promise<string> {
  const settings = await listConfig(repo, (key) => DECIDES.test(key));
  const format = `--object-format=${repo.objectFormat}`;
  // A new repository is made: where the person's is does not matter to it.
  await runGit({ ...repo, explicit: false }, ['init', '--quiet', '--bare', '--template=', format, scratch]);
  const there: Repo = { ...repo, gitDir: scratch, commonDir: scratch, explicit: true, cwd: repo.top };
  const options: RunOptions = {
    input: tag.message,
    env: {
      ...terminalEnv(),
      ...dates(tag.date),
      GIT_OBJECT_DIRECTORY: join(repo.commonDir, 'objects'),
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
    },
  };
  const given = settings.flatMap(({ key, value }) => ['-c', `${key}=${value}`]);
  await runGit(there, [...given, 'tag', '-s', '--cleanup=verbatim', '-F', '-', '--end-of-options', tag.name, tag.target], options);
  return ask(there, ['rev-parse', '--verify', '--end-of-options', `refs/tags/${tag.name}`], options);
}

/** The repository with new objects going to `folder` instead, for a try that leaves nothing behind. */
export function withObjectsIn(repo: Repo, folder: string): Repo {
  const objects = join(repo.commonDir, 'objects');
  const quoted = objects.includes(delimiter) || objects.startsWith('"') ? `"${objects.replace(/["\\]/g, '\\$&')}"` : objects;
  return { ...repo, env: { ...repo.env, GIT_OBJECT_DIRECTORY: folder, GIT_ALTERNATE_OBJECT_DIRECTORIES: quoted } };
}

function dates(date: Date | undefined): Record<string, string> {
  if (!date) return {};
  const stamp = `${Math.floor(date.getTime() / 1000)} +0000`;
  return { GIT_AUTHOR_DATE: stamp, GIT_COMMITTER_DATE: stamp };
}

/** gpg's questions need the terminal's name, since git gives it pipes; without a terminal nothing may wait for an answer. */
function terminalEnv(): Record<string, string> {
  if (!process.stdin.isTTY) return { SSH_ASKPASS_REQUIRE: process.env.SSH_ASKPASS_REQUIRE ?? 'never' };
  const name = process.env.GPG_TTY ? null : ttyName();
  return name ? { GPG_TTY: name } : {};
}

function ttyName(): string | null {
  try {
    return readlinkSync('/proc/self/fd/0');
  } catch {
    return null;
  }
}
