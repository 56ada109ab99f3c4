/** The kinds of reports that a check may declare, and what each tells. */

export const REPORT_KINDS = ['json-summary', 'lcov', 'cobertura', 'tap', 'junit'] as const;

export type ReportKind = (typeof REPORT_KINDS)[number];

/** True where it counts tests; the others measure coverage. */
export function countsTests(kind: ReportKind): boolean {
  return kind === 'tap' || kind === 'junit';
}
