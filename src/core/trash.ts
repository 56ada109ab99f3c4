/** What of the trash may go, and why the rest stays. Pure. */

export interface TrashItem {
  /** Full name, and the object that it holds. */
  ref: string;
  oid: string;
  /** What was thrown away together: a session, or an act that was undone. Its parts go together. */
  group: string;
  /** When something last happened to the group's part, ISO 8601; null where nothing says it. */
  since: string | null;
  /** A branch or tag that holds the object as well; null where none does. */
  elsewhere: string | null;
  /** First line of its message, and how many of its commits no branch or tag has. */
  subject: string;
  onlyHere: number;
  /** Why it may never go now; null where nothing holds it. */
  held: 'session open' | 'number in use' | null;
  /** It is what `restore` finds an abandoned session by. */
  wayBack: boolean;
}

export interface TrashVerdict {
  item: TrashItem;
  goes: boolean;
  why: 'held elsewhere' | 'past its retention' | 'not old enough' | 'age not recorded' | 'session open' | 'number in use';
  /** When the newest part of its group was last changed, ISO 8601, and whole days since then; null where that is not recorded. */
  since: string | null;
  days: number | null;
}

const DAY = 24 * 60 * 60 * 1000;

/**
 * A verdict for each. Nothing goes that is younger than `keepDays` by the newest part of its group. Of what has no recorded age, that goes which a
 * branch or tag holds as well; the rest stays, unless nothing is to be kept (0).
 */
export function judgeTrash(items: readonly TrashItem[], keepDays: number, now: Date): TrashVerdict[] {
  return items.map((item) => {
    const ages = items.flatMap(({ group, since }) => (group === item.group && since !== null ? [Date.parse(since)] : []));
    const newest = ages.length === 0 ? null : Math.max(...ages);
    const days = newest === null ? null : Math.floor((now.getTime() - newest) / DAY);
    const told = { item, days, since: newest === null ? null : new Date(newest).toISOString() };
    const spare = item.elsewhere !== null && !item.wayBack;
    if (item.held) return { ...told, goes: false, why: item.held };
    if (days === null && !spare && keepDays > 0) return { ...told, goes: false, why: 'age not recorded' };
    if (days !== null && days < keepDays) return { ...told, goes: false, why: 'not old enough' };
    return { ...told, goes: true, why: spare ? 'held elsewhere' : 'past its retention' };
  });
}
