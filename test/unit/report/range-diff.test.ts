/** Versions of a series against each other, as a reviewer reads them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readMailDocument } from '../../../server/mail/index.js';
import { readDiffs } from '../../../server/patch/index.js';
import { compareText } from '../../../server/report/range-diff.js';
import { lettersOf, seriesIn, threadsOf } from '../../../server/review/index.js';
import { ROOT } from '../../support/tools.mjs';
import { box, diff } from '../review/support.js';

/** The last series of a mailbox against the one before it. */
function compare(text: string): string {
  const doc = readMailDocument(text, 'file:///box');
  const files = readDiffs(doc);
  const letters = lettersOf(doc, files);
  const series = seriesIn(letters, threadsOf(letters));
  const now = series.at(-1);
  const old = series[now?.previous ?? -1];
  if (!now || !old) throw new Error('no two versions');
  return compareText({ doc, files, series }, old, now);
}

describe('two versions', () => {
  it('are paired by patch; what changed is shown as a diff of diffs', () => {
    const text = readFileSync(join(ROOT, 'test/fixtures/series.mbox'), 'utf8');
    expect(compare(text)).toMatchInlineSnapshot(`
      "demo: lock the log: v1 against v2

      1/2 ! 1/2  demo: lock the counter
      2/2 = 2/2  demo: lock the reader

      1/2 ! 1/2  demo: lock the counter
      @@ Commit message @@
       
       Take the lock around the counter.
       
      +Link: https://lore.kernel.org/r/v1-1@example.org/
      +Fixes: 0123456789ab ("demo: count")
       Signed-off-by: Ada Writer <ada@example.org>
      @@ fs/demo/log.c @@
        
        int log_add(struct log *log, int n)
        {
      --	if (n < 0)
      --		return -EINVAL;
      + 	if (n < 0)
      + 		return -EINVAL;
       +	spin_lock(&log->lock);
      -+	if (n < 0)
      -+		return -EINVAL;
        	log_count += n;
      ++	if (log_count < 0)
      ++		log_count = 0;
       +	spin_unlock(&log->lock);
        	return 0;
        }
      "
    `);
  });

  it('may have new and dropped patches', () => {
    const text = box(
      { id: 'a1', subject: '[PATCH 1/2] one', body: `One.\n\n${diff('fs/a.c', 'one();')}` },
      { id: 'a2', subject: '[PATCH 2/2] two', to: 'a1', body: diff('fs/b.c', 'two();') },
      {
        id: 'b1',
        subject: '[PATCH v2 1/2] one',
        at: 60,
        body: `One.\n\n${diff('fs/a.c', 'one();')}`,
      },
      {
        id: 'b2',
        subject: '[PATCH v2 2/2] three',
        at: 60,
        to: 'b1',
        body: diff('fs/c.c', 'three();'),
      },
    );
    expect(compare(text).split('\n').slice(2)).toEqual([
      '1/2 = 1/2  one',
      '  - > 2/2  three',
      '2/2 <   -  two',
      '',
    ]);
  });

  it('that differ in positions and blobs only differ in nothing', () => {
    const old = diff('fs/a.c', 'one();');
    const moved = diff('fs/a.c', 'one();', '3333333..4444444').replace(
      '@@ -10,3 +10,4',
      '@@ -90,3 +95,4',
    );
    const text = box(
      { id: 'a', subject: '[PATCH] one', body: `One.\n\n${old}` },
      { id: 'b', subject: '[PATCH v2] one', at: 60, body: `One.\n\n${moved}` },
    );
    expect(compare(text)).toBe('one: v1 against v2\n\n1/1 = 1/1  one\n');
  });

  it('say so when only the message changed, and keep control characters out', () => {
    const text = box(
      { id: 'a', subject: '[PATCH] one', body: `One.\n\n${diff('fs/a.c', 'one();')}` },
      {
        id: 'b',
        subject: '[PATCH v2] one',
        at: 60,
        body: `On\u001b[1me.\n\n${diff('fs/a.c', 'one();')}`,
      },
    );
    expect(compare(text).split('\n').slice(3)).toEqual([
      '',
      '1/1 ! 1/1  one',
      '@@ Commit message @@',
      ' one',
      ' ',
      '-One.',
      '+On\\x1b[1me.',
      '',
    ]);
  });
});
