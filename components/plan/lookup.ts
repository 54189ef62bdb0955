/**
 * The entry of that very name. Names come from people, and one like `constructor` must not find what every object
 * inherits.
 */
export function entryOf<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
