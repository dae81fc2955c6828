/** The judged sample of placed lines: well-formed, and about statements that the model has. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../support/tools.mjs';

const KERNEL = join(ROOT, 'server/kernel');
const model = readdirSync(KERNEL)
  .filter((name) => name.endsWith('.c'))
  .map((name) => readFileSync(join(KERNEL, name), 'utf8'))
  .join('')
  .replace(/\s+/g, ' ');

const [header, ...rows] = readFileSync(join(ROOT, 'test/judged/placed.tsv'), 'utf8')
  .trimEnd()
  .split('\n');
const columns = rows.map((row) => row.split('\t'));
const answers = columns.flatMap(([, , expected = '']) => expected.split(' || '));

describe('the judged sample of placed lines', () => {
  it('has 50 changed lines, each once, with an answer and why', () => {
    expect(header).toBe('where\tmark\texpected\twhy');
    expect(new Set(columns.map(([where]) => where)).size).toBe(50);
    const unclear = columns.filter(([where = '', mark = '', , why = '', ...more]) => {
      return !/^[\w-]+\.eml:\d+$/.test(where) || !/^[+-]$/.test(mark) || !why || more.length > 0;
    });
    expect(unclear).toEqual([]);
    expect(answers.filter((a) => !/^(?:on \w+: .|not placeable: .|no effect$)/.test(a))).toEqual(
      [],
    );
  });

  it('names functions and statements of the model by their text', () => {
    const unknown = answers.filter((answer) => {
      const [, name, statement = ''] = /^on (\w+): (?:before )?(.*)/.exec(answer) ?? [];
      if (name === undefined) return false;
      const whole = statement === 'parameter list' || statement === 'whole body';
      return !model.includes(` ${name}(`) || !(whole || model.includes(statement));
    });
    expect(unknown).toEqual([]);
  });
});
