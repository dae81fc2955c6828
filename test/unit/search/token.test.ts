import { describe, expect, it } from 'vitest';
import {
  decodeToken,
  encodeToken,
  makeTrace,
  programHash,
  replayToken,
} from '../../../server/search/index.js';
import type { Token } from '../../../server/search/index.js';
import { explore } from '../../../server/search/index.js';
import { LOCKS, TRACE_INFO, make } from './support.js';

const TOKEN: Token = {
  scenario: 'R3',
  profile: '2025-07',
  switches: ['+batch', '-iomap-valid', 'ü'],
  hash: 0xfedcba98,
  schedule: [
    ...Array.from({ length: 300 }, () => ({ thread: 3, choices: [] })),
    { thread: 0, choices: [2, 0] },
    { thread: 12, choices: [] },
    { thread: 12, choices: [1] },
  ],
};

const ABBA = `${LOCKS} struct mutex a, b;
  __thread("first") void first(void) { mutex_lock(&a); mutex_lock(&b); mutex_unlock(&b); mutex_unlock(&a); }
  __thread("second") void second(void) { mutex_lock(&b); mutex_lock(&a); mutex_unlock(&a); mutex_unlock(&b); }`;

describe('tokens', () => {
  it('come back as they were', () =>
    expect(decodeToken(encodeToken(TOKEN))).toEqual({ kind: 'token', token: TOKEN }));

  it('are short, plain ASCII', () => {
    const text = encodeToken(TOKEN);
    expect(text).toMatch(/^rl1\.[A-Za-z0-9_-]+$/);
    expect(text.length).toBeLessThan(90);
  });

  it('may stand between blanks', () =>
    expect(decodeToken(`  ${encodeToken(TOKEN)}\n`).kind).toBe('token'));

  it('say what is wrong with them', () => {
    const text = encodeToken(TOKEN);
    expect(decodeToken('hello')).toEqual({ kind: 'damaged', reason: 'a token starts with rl1.' });
    expect(decodeToken(`${text.slice(0, 20)}!${text.slice(21)}`)).toEqual({
      kind: 'damaged',
      reason: 'the token is damaged: it holds a character that no token has',
    });
    expect(decodeToken(text.slice(0, -4))).toEqual({
      kind: 'damaged',
      reason: 'the token is damaged: its checksum does not match',
    });
    expect(decodeToken('rl1.')).toEqual({
      kind: 'damaged',
      reason: 'the token is damaged: its checksum does not match',
    });
  });

  it('notice every change of one character', () => {
    const text = encodeToken(TOKEN);
    for (let i = 4; i < text.length - 1; i++) {
      const changed = `${text.slice(0, i)}${text[i] === 'A' ? 'B' : 'A'}${text.slice(i + 1)}`;
      expect(decodeToken(changed).kind, `position ${i}`).toBe('damaged');
    }
  });
});

describe('replay of a token', () => {
  function tokenOf(text: string): string {
    const { machine, table } = make(text);
    const [witness] = explore(machine, { states: 1000, expired: () => false }).witnesses;
    return witness ? makeTrace(machine, table, witness, TRACE_INFO).token : '';
  }
  const decoded = (text: string): Token => {
    const d = decodeToken(tokenOf(text));
    if (d.kind !== 'token') throw new Error(d.reason);
    return d.token;
  };

  it('gives the trace again', () => {
    const { machine, table } = make(ABBA);
    const result = replayToken(machine, table, decoded(ABBA), TRACE_INFO);
    expect(result).toMatchObject({ kind: 'trace', sameProgram: true, finding: true });
    expect(result.kind === 'trace' && result.trace.token).toBe(tokenOf(ABBA));
  });

  it('says when the program is another one', () => {
    const other = ABBA.replace(
      'mutex_lock(&b); mutex_lock(&a);',
      'mutex_lock(&b); mutex_unlock(&b); mutex_lock(&a);',
    );
    const { machine, table } = make(other);
    expect(replayToken(machine, table, decoded(ABBA), TRACE_INFO)).toMatchObject({
      kind: 'trace',
      sameProgram: false,
      finding: false,
    });
  });

  it('says at which step it does not run', () => {
    const { machine, table } = make(
      `int x; __thread("first") void first(void) { __wait(x); } __thread("second") void second(void) { }`,
    );
    expect(replayToken(machine, table, decoded(ABBA), TRACE_INFO)).toEqual({
      kind: 'refused',
      sameProgram: false,
      reason: 'step 1 of the schedule cannot be replayed: first is blocked',
    });
  });

  it('does not care where the code stands in its file', () => {
    expect(programHash(make(`/* moved */\n\n${ABBA}`).machine.program)).toBe(
      programHash(make(ABBA).machine.program),
    );
    expect(
      programHash(
        make(ABBA.replace('mutex_lock(&b); mutex_lock(&a);', 'mutex_lock(&a); mutex_lock(&b);'))
          .machine.program,
      ),
    ).not.toBe(programHash(make(ABBA).machine.program));
  });

  it('does not care about code that cannot run', () => {
    const hash = (text: string): number => programHash(make(`${ABBA}\n${text}`).machine.program);
    expect(hash('static int helper(void) { return 1; }')).toBe(hash(''));
    expect(hash('static int helper(void) { return 2; }')).toBe(hash(''));
    // An object that somebody may reach is part of every state.
    expect(hash('int more;')).not.toBe(hash(''));
  });
});
