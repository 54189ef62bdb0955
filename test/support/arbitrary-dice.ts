/** What generators draw with: few words over fast-check, so that a stack is written down in the order in which it is chosen. */
import * as fc from "fast-check";

export interface Dice {
  int(min: number, max: number): number;
  /** True in so many of a hundred cases. */
  chance(percent: number): boolean;
  /** @throws Error when there is nothing to choose from: a defect of the generator */
  pick<T>(from: readonly T[]): T;
  /** Some of them, in any order. */
  some<T>(from: readonly T[], least: number, most?: number): T[];
  /** What any other arbitrary gives. */
  draw<T>(arbitrary: () => fc.Arbitrary<T>): T;
}

const integer = (min: number, max: number) => fc.integer({ min, max });

/** An arbitrary whose value is chosen step by step; what a step can choose may hang on what came before. */
export function rolled<T>(make: (dice: Dice) => T): fc.Arbitrary<T> {
  return fc.gen().map((draw) => {
    const int = (min: number, max: number): number => draw(integer, min, Math.max(min, max));
    const pick = <U>(from: readonly U[]): U => {
      if (from.length === 0) throw new Error("the generator has nothing to choose from");
      return from[int(0, from.length - 1)] as U;
    };
    const some = <U>(from: readonly U[], least: number, most = from.length): U[] => {
      const left = [...from];
      return Array.from({ length: int(least, Math.min(most, from.length)) }, () =>
        left.splice(int(0, left.length - 1), 1),
      ).flat();
    };
    return make({
      int,
      pick,
      some,
      // The smaller number is what shrinking tends to: nothing special.
      chance: (percent) => int(0, 99) >= 100 - percent,
      draw: (arbitrary) => draw(arbitrary),
    });
  });
}
