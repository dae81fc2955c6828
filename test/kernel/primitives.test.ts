/** Locks, wait queues and RCU of the model kernel: each bug beside the code that is right. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findingLabel } from '../../server/export/index.js';
import { explore } from '../../server/search/index.js';
import { make } from '../unit/machine/support.js';
import { HELD_LOCKS } from '../unit/search/held-locks.js';
import { LANGUAGE } from '../unit/search/language.js';
import { PAIRS, onKernel } from './primitives.js';

/** Findings of a scenario on these files; deadlocks with who waits where. */
function verdict(text: string): readonly string[] {
  const { machine } = make(onKernel(text));
  const found = explore(machine, { states: 1e6, expired: () => false });
  const all = found.witnesses.map(({ key }) =>
    key.property === 'deadlock' ? key.id : `${key.rule ?? ''} ${findingLabel(key.id)}`.trim(),
  );
  return all.length > 0 ? [...new Set(all)].sort() : [found.complete ? 'none' : 'not complete'];
}

describe('an assertion', () => {
  it('names a rule only where it is written', () => {
    const rule = (more: string): string =>
      verdict(`__thread("t") void t(void) { __assert(r == 1${more}); }`).join();
    expect(rule('')).toBe('assert: t: r == 1');
    expect(rule(', "one"')).toBe('assert: t: one');
    expect(rule(', "one", "RL-ONE"')).toBe('RL-ONE assert: t: one');
    const last = verdict('__finally void end(void) { __assert(r == 1, "one", "RL-ONE"); }');
    expect(last).toEqual(['RL-ONE final: end: one']);
  });
});

/** Rule whose page explains a finding of a pair. */
function ruleOf(finding: string): string {
  const [word = ''] = finding.split(/[: ]/, 1);
  return word.startsWith('RL-') ? word : `RL-${word.toUpperCase()}`;
}

describe('a finding of the language', () => {
  const text = readFileSync(new URL('../../server/kernel/rules.c', import.meta.url), 'utf8');
  const findings = [
    ...PAIRS.flatMap((p) => p.finds),
    ...[...LANGUAGE, ...HELD_LOCKS].flatMap((c) => c.answer),
  ];
  const said = findings.filter((f) => f !== 'none' && !f.startsWith('model-error'));

  it.each([...new Set([...said.map(ruleOf), 'RL-LEAK', 'RL-ARITHMETIC', 'RL-RANGE'])])(
    'has a page: %s',
    (rule) => {
      expect(text).toContain(`__page("${rule}", "`);
    },
  );
});

describe('the model kernel', () => {
  it.each(PAIRS)('finds $what', ({ bug, finds, right }) => {
    expect(verdict(bug)).toEqual(finds);
    expect(verdict(right)).toEqual(['none']);
  });
});
