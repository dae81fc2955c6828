/**
 * The judged lines of a real series (test/judged/placed.tsv) against what the graft says of them. A line may
 * stay without a place; what is claimed must be right.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ExplainedLine } from '../../server/analysis/explain-graft.js';
import { ROOT } from '../support/tools.mjs';
import { analyzer } from '../unit/analysis/support.js';
import { readShared, shared } from '../unit/patch/shared-data.js';

const RAW = shared('corpus/raw');
const SEPARATOR = 'From mboxrd@z Thu Jan  1 00:00:00 1970\n';

const rows = readFileSync(join(ROOT, 'test/judged/placed.tsv'), 'utf8')
  .trimEnd()
  .split('\n')
  .slice(1)
  .map((row) => row.split('\t'));

interface Told extends ExplainedLine {
  readonly function: string;
}

function folded(text: string): string {
  return text.replace(/\s+/gu, '');
}

const HEAD = /^\w[\w*\s]*?\b(\w+)\s*\(/u;

/** The function of the model's file in which the place is: a helper of the model may do what the line does. */
function functionAt({ model }: Told): string | undefined {
  const [, file] = /\/kernel\/([\w-]+\.c)$/u.exec(model?.at.uri ?? '') ?? [];
  if (model === undefined || file === undefined) return undefined;
  const above = readFileSync(join(ROOT, 'server/kernel', file), 'utf8')
    .split('\n')
    .slice(0, model.at.line + 1);
  const heads = above
    .filter((l) => !l.startsWith('__source'))
    .flatMap((l) => HEAD.exec(l)?.[1] ?? []);
  return heads.at(-1);
}

/** Why the claim is not one of the judge's answers; undefined when it is, or when nothing is claimed. */
function wrong(told: Told, answers: readonly string[]): string | undefined {
  const claim = `${told.class} in ${told.function}: ${told.why}, ${told.model?.text.trim() ?? ''}`;
  if (told.class === 'not-placed') return undefined;
  if (told.class === 'no-effect') return answers.includes('no effect') ? undefined : claim;
  const right = answers.some((a) => {
    const [, name = '', statement = ''] = /^on (\w+): (?:before )?(.*)/u.exec(a) ?? [];
    if (name !== told.function && name !== functionAt(told)) return false;
    if (statement === 'parameter list' || statement === 'whole body') return true;
    // The line of the model on which the statement begins, or the other way of the same handle.
    const text = folded(told.model?.text ?? '');
    const [target = ''] = statement.split('=');
    return folded(statement).startsWith(text.slice(0, 12)) || text.startsWith(folded(target));
  });
  return right ? undefined : claim;
}

describe.runIf(RAW !== undefined)('the judged lines of the series', () => {
  it('have no place that is wrong', { timeout: 300_000 }, async () => {
    const files = RAW
      ? readdirSync(RAW)
          .filter((f) => /^\d+-iomap-v2-patch-/u.test(f))
          .sort()
      : [];
    const places = new Map<number, string>();
    let text = '';
    for (const f of files) {
      text += SEPARATOR;
      const first = text.split('\n').length - 1;
      const mail = readShared(`corpus/raw/${f}`);
      mail.split('\n').forEach((_, i) => places.set(first + i, `${f}:${i + 1}`));
      text += `${mail}\n\n`;
    }
    const told = new Map<string, Told>();
    for (const change of (await analyzer()).explainGraft('test:series', text))
      for (const f of change.functions)
        for (const line of f.lines)
          told.set(places.get(line.line) ?? '', { ...line, function: f.name });
    const claims = rows.flatMap(([where = '', mark = '', expected = '']) => {
      const line = told.get(where);
      if (!line) return [`${where} is not among the changed lines`];
      if (line.mark !== mark) return [`${where} is ${line.mark}`];
      const bad = wrong(line, expected.split(' || '));
      return bad === undefined ? [] : [`${where} ${bad}; expected: ${expected}`];
    });
    expect(claims).toEqual([]);
    const placed = rows.filter(([where = '']) => told.get(where)?.class === 'on-model');
    expect(placed.length).toBeGreaterThanOrEqual(12);
  });
});
