import { beforeAll, describe, expect, it } from 'vitest';
import type { Unit } from '../../../server/csource/ast.js';
import type { CParser } from '../../../server/csource/parser.js';
import { printC } from '../../../server/csource/print.js';
import { SourceTable } from '../../../server/csource/source.js';
import { chooseProfile, graft, stack } from '../../../server/graft/index.js';
import type { GraftResult, StackedPatch } from '../../../server/graft/index.js';
import { readMailDocument } from '../../../server/mail/index.js';
import { readDiffs } from '../../../server/patch/index.js';
import { readShared, shared } from '../patch/shared-data.js';
import { imagesOf, kernelOf, kernelUnits } from './files.js';
import { accountLine, loadParser } from './support.js';

const SEED = 'seeds/004_96d5ec619a9424d3.txt';
const there = shared(SEED) !== undefined;

let parser: CParser;
beforeAll(async () => {
  parser = await loadParser();
});

/** All line numbers are 1-based lines of the saved thread; the kernel is that of July 2025. */
describe.runIf(there)('the diffs of the thread of July and August 2025', () => {
  const table = new SourceTable();
  const files = readDiffs(readMailDocument(there ? readShared(SEED) : '', 'mail'));
  const switches = kernelOf('2025-07-14');
  let model: readonly Unit[];
  beforeAll(() => {
    model = kernelUnits(parser, table);
  });

  function images(line: number): StackedPatch {
    const file = files.find((f) => f.headerLine === line - 1);
    if (!file) throw new Error(`no diff at ${line}`);
    return imagesOf(file, 'mail', parser, table);
  }
  function grafted(line: number): GraftResult {
    return graft({ model, ...images(line), table, switches });
  }
  function fn(r: Pick<GraftResult, 'units'>, name: string): string {
    const found = r.units
      .flatMap((u) => u.items)
      .filter((i) => i.kind === 'function' && i.name === name)
      .at(-1);
    return found?.kind === 'function' ? printC(found).replace(/\t/g, '  ') : '';
  }
  function told(r: GraftResult, which: RegExp): string[] {
    return r.placements.map((p) => accountLine(p, table)).filter((l) => which.test(l));
  }

  it('(a) takes the branch to the new function where the model has its DAX branch', () => {
    const r = grafted(366);
    expect(r.touched).toEqual([
      'ext4_iomap_buffered_zero_begin',
      'ext4_iomap_zero_range',
      'ext4_block_zero_page_range',
    ]);
    expect(fn(r, 'ext4_block_zero_page_range')).toContain(
      '  } else if (ext4_test_inode_state(inode, EXT4_STATE_BUFFERED_IOMAP)) {\n    return ext4_iomap_zero_range(inode, from, length);\n  }\n  return __ext4_block_zero_page_range(handle, mapping, from, length);',
    );
    expect(told(r, /not-placed/)).toEqual([]);
    expect(told(r, /^. 44[67]/)).toEqual(['+ 446 on-model: added', '+ 447 on-model: added']);
    expect(r.placements).toHaveLength(60);
  });

  it('(a) leads from the merged statement to its line of the mail', () => {
    const { units } = grafted(366);
    const items = units.flatMap((u) => u.items);
    expect(items.map((i) => i.kind)).toEqual(['function', 'global', 'function', 'function']);
    const f = items.find((i) => i.kind === 'function' && i.name === 'ext4_block_zero_page_range');
    const branch =
      f?.kind === 'function'
        ? f.body.body.find((s) => s.kind === 'if' && s.else !== undefined)
        : undefined;
    const other = branch?.kind === 'if' ? branch.else : undefined;
    expect(other && table.docRange(other.loc)).toMatchObject({ uri: 'mail', line: 445 });
    const call =
      other?.kind === 'if' && other.then.kind === 'block' ? other.then.body[0] : undefined;
    expect(call && table.docRange(call.loc)).toMatchObject({ uri: 'mail', line: 446 });
  });

  it('(b) flushes only without iomap_valid', () => {
    const r = grafted(840);
    expect(fn(r, 'iomap_zero_range')).toContain(
      [
        '        range_dirty = false;',
        '        if (write_ops->iomap_valid)',
        '          status = iomap_zero_iter(&iter, did_zero, write_ops);',
        '        else',
        '          status = iomap_zero_iter_flush_and_stale(&iter);',
        '      } else {',
        '        status = iomap_iter_advance_full(&iter);',
      ].join('\n'),
    );
    expect(told(r, /not-placed/)).toEqual([]);
  });

  it('(c) turns the loop over and takes the warning out', () => {
    const r = grafted(1211);
    expect(fn(r, 'iomap_zero_iter')).not.toContain('WARN_ON_ONCE(folio_pos(folio)');
    expect(fn(r, 'iomap_zero_range')).toContain(
      [
        '    if (!range_dirty) {',
        '      iter.status = iomap_iter_advance_full(&iter);',
        '      continue;',
        '    }',
        '    if (!write_ops->iomap_valid) {',
        '      range_dirty = false;',
        '      iter.status = iomap_zero_iter_flush_and_stale(&iter);',
        '      continue;',
        '    }',
        '    if (srcmap->type == IOMAP_UNWRITTEN && filemap_range_needs_writeback(mapping, iter.pos, iomap_length(&iter)))',
        '      iter.status = iomap_zero_iter(&iter, did_zero, write_ops);',
        '    else',
        '      iter.status = iomap_iter_advance_full(&iter);',
        '  }',
        '  return ret;',
      ].join('\n'),
    );
    expect(fn(r, 'iomap_zero_range')).not.toContain('s64 status');
    expect(told(r, /not-placed/)).toEqual([]);
  });

  it('(d) changes one condition', () => {
    const r = grafted(2382);
    expect(fn(r, 'iomap_zero_range')).toContain(
      'if (range_dirty && srcmap->type == IOMAP_UNWRITTEN) {',
    );
    expect(told(r, /./)).toEqual(['- 2388 on-model: changed if', '+ 2389 on-model: changed if']);
  });

  it('(d) with its repaired lines named', () => {
    const r = graft({ model, ...images(2382), table, switches, repaired: new Set([2387]) });
    expect(told(r, /./)).toEqual([
      '- 2388 repaired: repaired line: changed if',
      '+ 2389 on-model: changed if',
    ]);
  });

  it('(a) and (c) stack', () => {
    const { units, results } = stack(
      [images(366), images(1211)],
      { model, table, switches },
      graft,
    );
    expect(results.map((r) => r.touched.length)).toEqual([3, 2]);
    expect(fn({ units }, 'ext4_iomap_zero_range')).not.toBe('');
    expect(fn({ units }, 'iomap_zero_range')).toContain('if (!range_dirty)');
  });

  it('the base is the kernel of that summer, and a kernel with the change is told from it', () => {
    const candidates = [
      { name: '2025-07', date: '2025-07-14', switches },
      { name: '7.0', date: '2026-04-12', switches: kernelOf('2026-04-12') },
      { name: '7.1', date: '2026-06-14', switches: kernelOf('2026-06-14') },
    ];
    for (const line of [366, 840, 1211, 2382]) {
      expect(
        chooseProfile(candidates, model, { ...images(line), table }, '2025-08-02'),
      ).toMatchObject({ name: '2025-07', state: 'before' });
    }
    const { units } = stack([images(2382)], { model, table, switches }, graft);
    expect(
      chooseProfile(
        candidates.slice(0, 1),
        [...model, ...units],
        { ...images(2382), table },
        '2025-08-02',
      ),
    ).toMatchObject({ state: 'after' });
  });
});
