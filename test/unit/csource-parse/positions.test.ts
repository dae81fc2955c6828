import { describe, expect, it, vi } from 'vitest';
import { Tree } from 'web-tree-sitter';
import { mask } from '../../../server/csource/mask.js';
import { DEMO, misplaced, nodesOf, parser, source } from './support.js';

describe('positions', () => {
  it('every name of a file stands where its place says', async () => {
    const unit = (await parser()).parseFile(source(DEMO));
    expect(unit.problems).toEqual([]);
    const names = [...nodesOf(unit.items)].filter((n) => n['kind'] === 'ident');
    expect(names.length).toBeGreaterThan(90);
    expect(misplaced(unit, DEMO)).toEqual([]);
  });

  it('also with CRLF', async () => {
    const text = DEMO.replaceAll('\n', '\r\n');
    const unit = (await parser()).parseFile(source(text));
    expect(unit.problems).toEqual([]);
    expect(misplaced(unit, text)).toEqual([]);
  });

  it('also in every window of lines read as a hunk', async () => {
    const p = await parser();
    const lines = DEMO.split('\n');
    let windows = 0;
    for (const size of [1, 3, 7, 12, 30]) {
      for (let at = 0; at + size <= lines.length; at++) {
        const text = lines.slice(at, at + size).join('\n');
        expect(
          misplaced(p.parseHunk(source(text), 'static int f(struct page *page, loff_t pos)'), text),
        ).toEqual([]);
        windows++;
      }
    }
    expect(windows).toBeGreaterThan(600);
  });

  it('would see a place that is off by one', async () => {
    const unit = (await parser()).parseFile(source(DEMO));
    expect(misplaced(unit, ` ${DEMO}`).length).toBeGreaterThan(90);
  });

  it('a problem points at the text that was not understood', async () => {
    const text = '\ta(); /* 😀 */ b( = ;\n';
    const unit = (await parser()).parseHunk(source(text));
    expect(unit.problems.length).toBeGreaterThan(0);
    for (const p of unit.problems) expect(p.loc.start).toBeGreaterThanOrEqual(text.indexOf('b('));
  });
});

describe('masking', () => {
  it('keeps the length and every line break', () => {
    const loc = (start: number, end: number): { src: number; start: number; end: number } => ({
      src: 0,
      start,
      end,
    });
    const masked = mask(DEMO, loc);
    expect(masked.text.length).toBe(DEMO.length);
    expect(masked.text.split('\n').map((l) => l.length)).toEqual(
      DEMO.split('\n').map((l) => l.length),
    );
    expect(masked.original).toBe(DEMO);
    expect(masked.text).not.toMatch(/__must_hold|__user|struct page, next|list_for_each_entry|😀/);
  });
});

describe('trees', () => {
  it('are freed, one for each parse', async () => {
    const p = await parser();
    const freed = vi.spyOn(Tree.prototype, 'delete');
    const before = p.parses;
    p.parseHunk(source(DEMO));
    p.parseHunk(source('\tb = ) c();\n'));
    expect(freed.mock.calls.length).toBe(p.parses - before);
    expect(p.parses).toBeGreaterThan(before);
    freed.mockRestore();
  });
});
