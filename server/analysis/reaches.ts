/** What scenarios reach, kept by the units they are linked with: stacks of one document share most. */
import type { Unit } from '../csource/ast.js';
import type { Profile, Scenario } from './model.js';

/** More than the stacks of a long thread on every scenario. */
const CAPACITY = 512;

export class Reaches {
  readonly #known = new Map<string, ReadonlySet<string>>();
  readonly #numbers = new WeakMap<Unit, number>();
  #units = 0;

  /** Functions reached in a scenario with the units of patches; `find` is asked once. */
  of(
    profile: Profile,
    units: readonly Unit[],
    scenario: Scenario,
    find: () => ReadonlySet<string>,
  ): ReadonlySet<string> {
    const key = [profile.name, scenario.id, ...units.map((u) => this.#number(u))].join(' ');
    const known = this.#known.get(key);
    if (known) return known;
    const found = find();
    const oldest = this.#known.keys().next().value;
    if (this.#known.size >= CAPACITY && oldest !== undefined) this.#known.delete(oldest);
    this.#known.set(key, found);
    return found;
  }

  #number(unit: Unit): number {
    const known = this.#numbers.get(unit) ?? this.#units++;
    this.#numbers.set(unit, known);
    return known;
  }
}
