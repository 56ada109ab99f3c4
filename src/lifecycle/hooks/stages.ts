/** How pre-commit names its stages here: what the configuration says already, else what the installed program knows. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { StageNames } from './yaml.ts';

/** New names where nothing tells: pre-commit has them since 3.2 (2023). */
export async function stageNames(text: string): Promise<StageNames> {
  const ours = /^ *stages: \[(commit|pre-commit)\]\r?\n *always_run: true/m.exec(text)?.[1];
  if (ours) return ours === 'commit' ? 'old' : 'new';
  const least = /^minimum_pre_commit_version: *['"]?(\d+)\.(\d+)/m.exec(text);
  if (least && isNew(least)) return 'new';
  if (/\bstages: *\[[^\]]*\b(?<!-)(commit|push)\b/.test(text)) return 'old';
  try {
    const { stdout } = await promisify(execFile)('pre-commit', ['--version'], { timeout: 10_000 });
    const found = /(\d+)\.(\d+)/.exec(stdout);
    return found && !isNew(found) ? 'old' : 'new';
  } catch {
    return 'new';
  }
}

const isNew = ([, major, minor]: RegExpExecArray) => Number(major) > 3 || (Number(major) === 3 && Number(minor) >= 2);
