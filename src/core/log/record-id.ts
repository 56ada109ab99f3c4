/** Ids of records: sortable by time, unique without a lock and without a hash. Pure; hot path. */

/**
 * `<ms><seq>.<pid><salt>.<writer>` in base 36. `ms` is the record's own time, so ids of one clock sort by it; `seq` counts within a
 * process, and `pid`, `salt` (a random number of the process) and `writer` (the clone) keep two processes apart.
 */
export function makeRecordId(p: { ms: number; writer: string; pid: number; seq: number; salt: number }): string {
  const digits = (value: number, width: number) => Math.max(0, Math.floor(value)).toString(36).padStart(width, '0');
  return `${digits(p.ms, 9)}${digits(p.seq, 4)}.${digits(p.pid, 4)}${digits(p.salt, 6)}.${p.writer}`;
}
