/** Doing many things in a few places at once. */

/**
 * Gives each item to the next place that is free, in the order of the items. Ends when nothing runs any more; where an act fails, nothing new is
 * begun, and the first failure is thrown once the others have ended.
 */
export async function shareOut<T, P>(items: readonly T[], places: readonly P[], act: (item: T, place: P) => Promise<void>): Promise<void> {
  const rest = [...items];
  const failures: unknown[] = [];
  const work = async (place: P) => {
    for (let item = rest.shift(); item !== undefined && failures.length === 0; item = rest.shift()) {
      try {
        await act(item, place);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(places.map(work));
  if (failures.length > 0) throw failures[0];
}
