import { describe, expect, it } from 'vitest';
import { crashKeys } from './support.js';

/** What a check sees after a crash behind the steps of one thread. */
const after = (globals: string, steps: string, check: string, more = ''): readonly string[] =>
  crashKeys(`${globals} ${more}
    __thread("t") void t(void) { ${steps} }
    __after_crash("ok") bool ok(void) { return ${check}; }`);

const LOST = ['crash: ok: t'];

describe('a crash', () => {
  it('loses memory: globals have their initialisers again, without the set-up', () => {
    const setup = '__setup void s(void) { x = 7; }';
    expect(after('int x = 3; int m __media;', 'x = 5; m = 1;', 'x == 3', setup)).toEqual(['none']);
  });

  it('leaves what is declared __media, whole or as a member', () => {
    expect(after('int m __media;', 'm = 1;', 'm == 0')).toEqual(LOST);
    const disk = 'struct d { int on __media; int off; }; struct d d;';
    expect(after(disk, 'd.off = 1; d.on = 1;', 'd.off == 0')).toEqual(['none']);
    expect(after(disk, 'd.off = 1; d.on = 1;', 'd.on == 0')).toEqual(LOST);
    const array = 'struct r { int len; int data[2]; }; struct r log[2] __media;';
    expect(after(array, 'log[1].data[1] = 1;', 'log[1].data[1] == 0')).toEqual(LOST);
  });

  it('starts with devices as the set-up left them', () => {
    const setup = '__setup void s(void) { w = 7; }';
    expect(after('int w __wcache;', 'w = 8;', 'w == 7 || w == 8', setup)).toEqual(['none']);
    expect(after('int w __wcache;', 'w = 8;', 'w == 8', setup)).toEqual([
      'crash: ok',
      'crash: ok: t',
    ]);
  });

  it('may tear what was written together', () => {
    const two = 'struct d { int a; int b; }; struct d d __wcache;';
    const both = '__atomic { d.a = 1; d.b = 1; }';
    expect(after(two, both, 'd.a == d.b')).toEqual(LOST);
    expect(after(two, `${both} __flush();`, 'd.a <= 1 && d.b <= 1')).toEqual(['none']);
    expect(after(two, both, '!(d.a && !d.b)')).toEqual(LOST);
    expect(after(two, both, '!(!d.a && d.b)')).toEqual(LOST);
  });

  it('keeps what was flushed and may keep what was not', () => {
    const w = 'int w __wcache; int m __media;';
    expect(after(w, 'w = 1; __flush(); m = 1;', '!m || w == 1')).toEqual(['none']);
    expect(after(w, 'w = 1; m = 1; __flush();', '!m || w == 1')).toEqual(LOST);
    expect(after(w, 'w = 1; __flush(); w = 2; m = 1;', '!m || w == 1 || w == 2')).toEqual(['none']);
    expect(after(w, 'w = 1; __flush(); w = 2; m = 1;', '!m || w == 2')).toEqual(LOST);
  });

  it('runs recovery before the check, and recovery writes the medium', () => {
    const w = 'int w __wcache; int m __media;';
    const heal = '__recovery void r(void) { if (m) w = 1; }';
    expect(after(w, 'w = 1; m = 1;', '!m || w == 1')).toEqual(LOST);
    expect(after(w, 'w = 1; m = 1;', '!m || w == 1', heal)).toEqual(['none']);
  });

  it('finds what fails inside recovery', () => {
    const text = `int m __media; struct o { int v; }; struct o *p;
      __thread("t") void t(void) { m = 1; }
      __recovery void r(void) { if (m) p->v = 1; }`;
    expect(crashKeys(text)).toEqual(['model-error after a crash: r: NULL is dereferenced: t']);
    const asserts = `int m __media; __thread("t") void t(void) { m = 1; }
      __recovery void r(void) { __assert(!m, "clean log"); }`;
    expect(crashKeys(asserts)).toEqual(['crash: clean log: t']);
  });

  it('is looked at by each check on its own', () => {
    const cells = Array.from({ length: 8 }, (_, i) => `int w${i} __wcache;`).join(' ');
    const checks = Array.from(
      { length: 8 },
      (_, i) => `__after_crash("c${i}") bool c${i}(void) { return w${i} < 2; }`,
    ).join(' ');
    const steps = Array.from({ length: 8 }, (_, i) => `w${i} = ${i === 3 ? 2 : 1};`).join(' ');
    expect(crashKeys(`${cells} __thread("t") void t(void) { ${steps} } ${checks}`)).toEqual([
      'crash: c3: t',
    ]);
  });
});
