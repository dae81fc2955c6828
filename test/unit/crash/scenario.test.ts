import { describe, expect, it } from 'vitest';
import { goOn } from '../../../server/analysis/go-on.js';
import { scenarioOf } from '../../../server/analysis/model.js';
import { exportPromela } from '../../../server/export/index.js';
import { findingAfter } from '../../../server/search/index.js';
import { parse } from '../csource-lower/support.js';
import { make } from '../machine/support.js';

const TEXT = `int m __media;
__thread("t") void t(void) { m = 1; }
__after_crash("nothing written") bool c(void) { return m == 0; }`;

describe('a scenario with __crashes(1)', () => {
  it('may crash once, and says so in its bounds', () => {
    const of = (text: string): unknown => {
      const s = scenarioOf(parse(text).unit, 'x');
      return s && { crashes: s.crashes, bounds: s.bounds };
    };
    expect(of(TEXT)).toEqual({ crashes: 0, bounds: [] });
    expect(of(`__crashes(1); __bound("1 block");\n${TEXT}`)).toEqual({
      crashes: 1,
      bounds: ['1 block', '1 crash'],
    });
  });

  it('is not exported; without the crash it is', () => {
    const exported = (crashes: number): readonly string[] => {
      const { machine, table } = make(TEXT, 0, false, crashes);
      return exportPromela(machine.program, table, machine, { title: [] }).problems.map(
        (p) => `${table.slice(p.loc)}: ${p.message}`,
      );
    };
    expect(exported(1)).toEqual(['c: a run that may end in a crash cannot be exported']);
    expect(exported(0)).toEqual([]);
  });

  it('ends in the crash when one goes on with a thread', () => {
    const { machine } = make(TEXT, 0, false, 1);
    const schedule = goOn(machine, [], 0);
    if (typeof schedule === 'string') throw new Error(schedule);
    expect(schedule.map((d) => d.thread)).toEqual([0, 1]);
    expect(findingAfter(machine, schedule)?.id).toBe('crash: nothing written: t');
    expect(goOn(machine, schedule, 0)).toBe('the schedule does not run on this model');
  });
});
