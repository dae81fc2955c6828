/** `racelore export --promela SCENARIO`: one scenario of the model as a text for Spin. */
import type { Switches } from '../analysis/model.js';
import { exportPromela } from '../export/index.js';
import { createMachine } from '../machine/index.js';
import { plain } from '../report/plain.js';
import { analyzer } from './analyzer.js';
import { EXIT_CLEAN, print } from './exit.js';
import { InputError } from './input.js';

export interface ExportOptions {
  readonly promela: string;
  readonly profile?: string;
  readonly with: readonly string[];
  readonly without: readonly string[];
}

/** `+a35bb0dec955 -fix`: what the scenario and the options turn on and off. */
function changed({ on, off }: Switches): string {
  return [...[...on].sort().map((x) => `+${x}`), ...[...off].sort().map((x) => `-${x}`)].join(' ');
}

export async function exportScenario(options: ExportOptions): Promise<number> {
  const a = await analyzer();
  const config = a.config(options.promela, options);
  if (typeof config === 'string') throw new InputError(config);
  const { scenario, profile, switches } = config;
  const { table } = a.kernel;
  const program = a.kernel.link(profile, switches, [], scenario);
  const machine = createMachine(program, table, scenario);
  const changes = changed(switches);
  const title = [
    `${scenario.id}: ${scenario.title}`,
    `profile ${profile.name}${changes === '' ? '' : ` ${changes}`}`,
    ...scenario.bounds.map((b) => `bound: ${b}`),
  ];
  const made = exportPromela(program, table, machine, { title });
  if (made.text === undefined) {
    const places = made.problems.map(({ message, loc }) => {
      const { name } = table.get(loc.src);
      return `${name}:${table.lineOf(loc) + 1}: ${message}`;
    });
    throw new InputError(plain(places.join('\n')));
  }
  print(made.text);
  return EXIT_CLEAN;
}
