import { describe, expect, it } from 'vitest';
import { blocksOf, filled } from '../../support/journey.js';

const DOCUMENT = `# Title

Text.

\`\`\`console
$ racelore check a.eml
a.eml:3: warning
…
[1]
$ true
\`\`\`

## Second

\`\`\`console shared
$ racelore scenarios
\`\`\`
`;

describe('console blocks of a document', () => {
  it('are commands with their output, status and line', () => {
    const [first, second] = blocksOf(DOCUMENT);
    expect(first).toEqual({
      title: 'Title',
      flags: [],
      steps: [
        {
          line: 6,
          command: 'racelore check a.eml',
          expected: ['a.eml:3: warning', '…'],
          status: 1,
        },
        { line: 10, command: 'true', expected: [], status: 0 },
      ],
    });
    expect(second?.title).toBe('Second');
    expect(second?.flags).toEqual(['shared']);
  });
});

describe('wildcards', () => {
  const actual = ['one', 'two 2', 'three', 'four'];

  it('stand for lines and for parts of a line', () => {
    expect(filled(['one', '…', 'four'], actual)).toEqual(actual);
    expect(filled(['one', 'two …', 'three', '…'], actual)).toEqual(actual);
    expect(filled(['…'], [])).toEqual([]);
  });

  it('do not hide a difference', () => {
    expect(filled(['one', '…', 'five'], actual)).not.toEqual(actual);
    expect(filled(['…', 'three'], actual)).not.toEqual(actual);
    expect(filled(['one', 'two'], actual)).not.toEqual(actual);
    expect(filled(['one', 'two 2', 'three', 'four', 'more'], actual)).not.toEqual(actual);
  });

  it('take other characters literally', () => {
    expect(filled(['a.c(1)…'], ['a.c(1) [x]'])).toEqual(['a.c(1) [x]']);
    expect(filled(['a.c'], ['abc'])).not.toEqual(['abc']);
  });
});
