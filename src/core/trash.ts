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
  /** Why it may never go now; null where nothing holds it. */
  held: 'session open' | 'number in use' | null;
  /** It is what `restore` finds an abandoned session by. */
  wayBack: boolean;
}

export interface TrashVerdict {
  item: TrashItem;
  goes: boolean;
  why: 'held elsewhere' | 'past its retention' | 'not old enough' | 'age not recorded' | 'session open' | 'number in use';
  /** Whole days since the newest part of its group; null where that is not recorded. */
  days: number | null;
}

const DAY = 24 * 60 * 60 * 1000;

/**
 * A verdict for each. What goes is held by a branch or tag as well, or is as old as `keepDays` by the newest part of its group. A group of no
 * recorded age stays, unless nothing is to be kept (0).
 */
export function judgeTrash(items: readonly TrashItem[], keepDays: number, now: Date): TrashVerdict[] {
  return items.map((item) => {
    const ages = items.flatMap(({ group, since }) => (group === item.group && since !== null ? [Date.parse(since)] : []));
    const days = ages.length === 0 ? null : Math.floor((now.getTime() - Math.max(...ages)) / DAY);
    if (item.held) return { item, goes: false, why: item.held, days };
    if (item.elsewhere !== null && !item.wayBack) return { item, goes: true, why: 'held elsewhere', days };
    if (keepDays === 0 || (days !== null && days >= keepDays)) return { item, goes: true, why: 'past its retention', days };
    return { item, goes: false, why: days === null ? 'age not recorded' : 'not old enough', days };
  });
}
