import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadBundle } from '../../../server/bundle.js';
import { scratch } from './support.js';

const TEXT = 'exports.double = (n) => 2 * n;';

/** A folder with a bundle and what V8 compiled of it while it ran. */
function folder(text = TEXT): string {
  const dir = scratch();
  writeFileSync(join(dir, 'a.js'), text);
  const { exports, script } = loadBundle(dir, 'a.js');
  expect((exports as { double(n: number): number }).double(4)).toBe(8);
  writeFileSync(join(dir, 'a.js.cache'), script.createCachedData());
  return dir;
}

describe('a bundle with what V8 compiled of it', () => {
  it('is taken as compiled', () => {
    const { exports, script } = loadBundle(folder(), 'a.js');
    expect(script.cachedDataRejected).toBe(false);
    expect((exports as { double(n: number): number }).double(21)).toBe(42);
  });

  it('is compiled anew when the text is another one', () => {
    const dir = folder();
    writeFileSync(join(dir, 'a.js'), 'exports.triple = (number) => 3 * number;');
    const { exports, script } = loadBundle(dir, 'a.js');
    expect(script.cachedDataRejected).toBe(true);
    expect((exports as { triple(n: number): number }).triple(2)).toBe(6);
  });
});
