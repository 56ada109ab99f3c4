/** Reads `git diff-index --raw -p -z -U0`: which paths change, and the lines that are added to each. Pure; hot path. */

export interface RawChange {
  status: 'A' | 'M' | 'D' | 'T';
  path: string;
  /** Mode of the new file: `120000` a symbolic link, `160000` a submodule. */
  mode: string;
  /** The new blob. */
  oid: string;
}

export interface AddedLines {
  /** The added lines, joined by LF. */
  text: string;
  /** Line of the file of each added line. */
  lines: number[];
}

/** The raw part: NUL-ended records, up to the empty one that a patch follows, or the end. Returns where it ended. */
export function parseRaw(out: string): { changes: RawChange[]; end: number } {
  const changes: RawChange[] = [];
  let at = 0;
  while (out[at] === ':') {
    const middle = out.indexOf('\0', at);
    const end = out.indexOf('\0', middle + 1);
    if (middle < 0 || end < 0) break;
    const [, mode = '', , oid = '', status = ''] = out.slice(at + 1, middle).split(' ');
    changes.push({ status: status[0] as RawChange['status'], path: out.slice(middle + 1, end), mode, oid });
    at = end + 1;
  }
  return { changes, end: out[at] === '\0' ? at + 1 : at };
}

/**
 * The added lines by path. The patch has a section for each raw record, in the same order, and two where the type changed; lines are counted by the hunks' own figures,
 * so that a file's content cannot pass for a header. A file without a text patch (binary, mode only) has none.
 */
export function parseAdded(out: string): { changes: RawChange[]; added: Map<string, AddedLines> } {
  const { changes, end } = parseRaw(out);
  const added = new Map<string, AddedLines>();
  const rows = out.slice(end).split('\n');
  const paths = changes.flatMap(({ path, status }) => (status === 'T' ? [path, path] : [path]));
  let section = -1;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] ?? '';
    if (row.startsWith('diff --git ')) {
      section++;
      continue;
    }
    const hunk = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(row);
    const path = paths[section];
    if (!hunk || path === undefined) continue;
    let left = Number(hunk[1] ?? 1) + Number(hunk[3] ?? 1);
    let line = Number(hunk[2]);
    const target = added.get(path) ?? { text: '', lines: [] };
    while (left > 0 && i + 1 < rows.length) {
      const content = rows[++i] ?? '';
      if (content[0] === '+') {
        target.text += `${content.slice(1)}\n`;
        target.lines.push(line++);
      } else if (content[0] !== '-') continue;
      left--;
    }
    added.set(path, target);
  }
  return { changes, added };
}
