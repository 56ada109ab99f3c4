/** What `git session -h` prints. */

import { COMMANDS, SECTIONS } from './table.ts';

export function overview(width: number): string {
  const lines = [
    'Usage: git session <command> [options]',
    '',
    'Sessions of coding agents as git branches; a person signs the closeout.',
    '',
  ];
  for (const section of SECTIONS) {
    lines.push(`${section}:`);
    for (const [name, row] of COMMANDS) {
      if (row.section !== section) continue;
      const line = `  ${name.padEnd(20)} ${row.summary}`;
      lines.push(line.length <= width ? line : `${line.slice(0, Math.max(30, width - 1))}…`);
    }
    lines.push('');
  }
  lines.push('More: git session <command> --help');
  return lines.join('\n');
}
