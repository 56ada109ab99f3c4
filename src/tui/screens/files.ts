/** Artifacts and workspace changes as trees with counts; each file opens its diff. */

import type { ReviewFacts } from '../../core/closeout/review.ts';
import { sessionPaths } from '../../core/session/metadata.ts';
import { count, numberText, oneLine } from '../../core/text/text.ts';
import { type FileEntry, type TreeLine, treeLines } from '../file-tree.ts';
import { headed, type Line, paragraph, plainLine, span, spread } from '../rows.ts';
import { linesText, momentText } from '../words.ts';
import type { Screen, View } from './view.ts';

export const filesScreen: Screen = (view) => {
  const { review } = view.data;
  if (!review) return paragraph('Not read yet.', view.width, 'dim');
  const { artifacts, workspace } = entriesOf(review, view.onlySince);
  return [
    ...sinceLines(review, view),
    ...section('Artifacts', 'artifacts', artifacts, view),
    ...section('Workspace changes', 'workspace', workspace, view),
    ...outside(review, view.width),
  ];
};

function entriesOf(review: ReviewFacts, onlySince: boolean): { artifacts: FileEntry[]; workspace: FileEntry[] } {
  const folder = `${sessionPaths(review.facts.id).artifacts}/`;
  const shown = (path: string) => (path.startsWith(folder) ? path.slice(folder.length) : path);
  if (onlySince && review.since) {
    const files = review.since.files.map((file): FileEntry => ({ ...file, shown: shown(file.path), note: null }));
    return {
      artifacts: files.filter(({ path }) => path.startsWith(folder)),
      workspace: files.filter(({ path }) => !path.startsWith(folder)),
    };
  }
  const { artifacts, workspace } = review.facts;
  return {
    artifacts: artifacts.map(({ path, lines, about, authors }) => ({
      path,
      shown: shown(path),
      status: 'added',
      lines,
      note: about ?? byWhom(authors),
    })),
    workspace: workspace.map(({ path, status, lines, authors }) => ({ path, shown: path, status, lines, note: byWhom(authors) })),
  };
}

const byWhom = (authors: readonly string[]) => (authors.length === 0 ? null : authors.join(', '));

function sinceLines({ since }: ReviewFacts, { onlySince, width, draws }: View): Line[] {
  if (!since) return [];
  const when = `the review that was sent back (${momentText(since.at)}, at ${since.commit.slice(0, 10)})`;
  const changed = count(since.files.length, 'file');
  return onlySince
    ? paragraph(`Only what changed since ${when}: ${changed}, as differences from there.${draws ? ' s shows all.' : ''}`, width, 'warn')
    : paragraph(`${changed} changed since ${when}. ${draws ? 's' : 'since'} shows only these.`, width, 'accent');
}

function section(title: string, root: string, files: readonly FileEntry[], { folded, width }: View): Line[] {
  if (files.length === 0) return headed(title, 'none');
  const sum = (side: 'added' | 'removed') => numberText(files.reduce((total, { lines }) => total + (lines?.[side] ?? 0), 0));
  const rows = treeLines(files, (path) => folded.has(`folder:${root}/${path}`));
  return [
    ...headed(title, `${count(files.length, 'file')}  +${sum('added')} -${sum('removed')}`),
    ...rows.map((row) => treeRow(row, root, width)),
  ];
}

/** Columns of the figures at the right, so that they stand below each other. */
const FIGURES = 14;

function treeRow(row: TreeLine, root: string, width: number): Line {
  const lead = ' '.repeat(2 * Math.min(row.depth, 12));
  if (row.kind === 'folder') {
    return {
      target: `folder:${root}/${row.path}`,
      draw: () => {
        const figures = `${count(row.files, 'file')}  ${`+${numberText(row.added)} -${numberText(row.removed)}`.padStart(FIGURES)}`;
        const left = [span(`${lead}${row.open ? '\u25be' : '\u25b8'} `, 'accent'), span(`${oneLine(row.name, 400)}/`, 'heading')];
        return spread(left, [span(figures, 'dim')], width - 3);
      },
    };
  }
  const { file } = row;
  return {
    target: `file:${file.path}`,
    draw: () => {
      const status = file.status === 'added' ? '' : ` (${file.status})`;
      const left = [
        span(`${lead}  `),
        span(oneLine(row.name, 400), file.status === 'deleted' ? 'bad' : 'plain'),
        span(status, file.status === 'deleted' ? 'bad' : 'warn'),
        ...(file.note === null ? [] : [span(`  ${oneLine(file.note, 120)}`, 'dim')]),
      ];
      return spread(left, [span(linesText(file.lines).padStart(FIGURES), 'dim')], width - 3);
    },
  };
}

function outside({ strays, leftovers, held }: ReviewFacts, width: number): Line[] {
  return [
    ...(strays.length > 0 ? headed('Not where routing wants it') : []),
    ...strays.flatMap(({ path, use }) =>
      paragraph(`${oneLine(path, 400)}${use === null ? '' : ` (belongs at ${oneLine(use, 400)})`}`, width, 'warn', 4),
    ),
    ...(leftovers.length + held.length > 0 ? headed('Uncommitted, and not part of this', '--include <path> brings one in') : []),
    ...leftovers.map((path) => plainLine(span(`    ${oneLine(path, 400)}`))),
    ...held.flatMap(({ path, why }) => paragraph(`${oneLine(path, 400)} (${oneLine(why)})`, width, 'plain', 4)),
  ];
}
