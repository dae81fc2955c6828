import { describe, expect, it } from 'vitest';
import { kernelNames } from '../../support/kernel-names.js';
import { type SourceFile, projectFiles, wordsOf } from '../../support/sources.js';

/** The macros to mask, listed by syntax class, are words of the kernel's C and stay data. */
const MASK_WORDS = 'server/csource/mask-words.ts';

const names = kernelNames(projectFiles(/^server\/kernel\/.*\.[ch]$/).map(({ text }) => text));
/**
 * Names of the kernel that are words of this project as well: what users open (URI scheme, tag of a
 * union), and the order of steps that a trace shows.
 */
const COMMON = new Set(['file', 'schedule']);
const all = new Set(
  [...names.functions, ...names.structs, ...names.locks, ...names.classes].filter(
    (name) => !COMMON.has(name),
  ),
);

/**
 * A name with an underscore must not occur at all. A plain word (`file`, `handle`) is also English,
 * so it counts only when it is all there is in a string, as a name to compare with would be.
 */
function known(file: SourceFile): readonly string[] {
  return wordsOf(file)
    .filter(({ text, literal }) => all.has(text.includes('_') ? text : (literal ?? '')))
    .map(({ line, text }) => `${file.path}:${line}: ${text}`);
}

describe('the names that the model kernel defines', () => {
  it('are found in its C', () => {
    const sample = kernelNames([
      `struct rwsem { int count; };
       struct box { struct rwsem i_sem; int plain; struct rwsem *other; };
       /* void not_me(void) {} */
       #define ALSO_NOT(x) do { } while (0)
       void down(struct rwsem *sem) { __atomic { __wait(!sem->count, "box lock"); __acquire(sem); } }
       static inline int twice(int x) { if (x) { return call(x); } return 2; }`,
    ]);
    expect([...sample.functions]).toEqual(['down', 'twice']);
    expect([...sample.structs]).toEqual(['rwsem', 'box']);
    expect([...sample.locks]).toEqual(['i_sem']);
    expect([...sample.classes]).toEqual(['box lock']);
  });

  it('include locks and functions of today’s model', () => {
    expect(names.functions.size).toBeGreaterThan(20);
    expect(names.locks.size).toBeGreaterThan(1);
  });

  it('would be seen in code and strings, not in comments', () => {
    const [name = ''] = [...names.functions].filter((text) => text.includes('_'));
    const text = `// ${name}\nconst a = 'x ${name} y';\nexport const ${name} = a;`;
    expect(known({ path: 'a.ts', text })).toEqual([`a.ts:2: ${name}`, `a.ts:3: ${name}`]);
  });

  it('occur in no TypeScript and no JSON: the core knows no kernel function', () => {
    const files = projectFiles(/\.(?:ts|json)$/).filter(
      ({ path }) => !path.startsWith('test/') && path !== MASK_WORDS,
    );
    expect(files.length).toBeGreaterThan(10);
    expect(files.flatMap(known)).toEqual([]);
  });
});
