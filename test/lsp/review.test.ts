/** The review of an mbox with two versions of a series, and of the example mail behind them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Method } from '../../shared/protocol.js';
import type { ReviewNode, ReviewResult } from '../../shared/review.js';
import { TestClient } from './client.js';
import { SERIES, SERIES_URI, textAt } from './series-mails.js';
import { EXAMPLE } from './texts.js';

let client: TestClient;
let review: ReviewResult;
beforeAll(async () => {
  client = await TestClient.start({ experimental: { racelore: { traceView: true } } });
  await client.open(SERIES_URI, SERIES + EXAMPLE, 'kernel-mail');
  await client.until(
    SERIES_URI,
    (p) => p.diagnostics.some((d) => d.code === 'RL-WB-HANDLE' && d.severity === 1),
    'the race of the example',
  );
  review = await ask(SERIES_URI);
});
afterAll(async () => {
  expect(client.logged).toEqual([]);
  expect(await client.stop()).toBe(0);
});

function ask(uri: string): Promise<ReviewResult> {
  return client.connection.sendRequest<ReviewResult>(Method.review, { uri });
}

/** `kind label | detail`, indented. */
function drawn(nodes: readonly ReviewNode[], indent = ''): readonly string[] {
  return nodes.flatMap(({ kind, label, detail, children }) => [
    `${indent}${kind} ${label}${detail === '' ? '' : ` | ${detail}`}`,
    ...drawn(children, `${indent}  `),
  ]);
}

function all(nodes: readonly ReviewNode[]): readonly ReviewNode[] {
  return nodes.flatMap((node) => [node, ...all(node.children)]);
}

describe('the review tree', () => {
  it('has series, versions from the newest, patches, functions, answers and trailers', () => {
    expect(drawn(review.nodes.slice(0, 1))).toMatchInlineSnapshot(`
      [
        "series demo: lock the log | v1, v2",
        "  version v2 | Ada Writer, 2025-08-05 · 2 patches",
        "    cover demo: lock the log | cover letter",
        "    patch 1/2 demo: lock the counter | changed",
        "      function log_add() | fs/demo/log.c",
        "    patch 2/2 demo: lock the reader | unchanged",
        "      function log_read() | fs/demo/read.c",
        "  version v1 | Ada Writer, 2025-08-04 · 2 patches · 1 finding",
        "    cover demo: lock the log | cover letter",
        "    patch 1/2 demo: lock the counter | 1 finding · 2 comments · 2 answers",
        "      function log_add() | fs/demo/log.c",
        "        finding log->lock is still held at this return, in log_add | RL-LEFT-HELD",
        "        comment Rex Reader, 2025-08-04: The lock is still held here. See log_add() in <v1-0@example.org>. | answered · the next version changed the lines · 1 answer",
        "          reply Ada Writer, 2025-08-04 | Right, will fix.",
        "        comment Rex Reader, 2025-08-04: Can this go below zero? Reviewed-by: Rex Reader <rex@example.org> | open · the next version left the lines as they are",
        "      trailer Reviewed-by: Rex Reader <rex@example.org>",
        "      reply Rex Reader, 2025-08-04 | The lock is still held here. See log_add() in <v1-0@example.org>.",
        "      reply Ada Writer, 2025-08-04 | Right, will fix.",
        "    patch 2/2 demo: lock the reader",
        "      function log_read() | fs/demo/read.c",
      ]
    `);
  });

  it('has the finding below its function', () => {
    expect(drawn(review.nodes.slice(1))).toMatchInlineSnapshot(`
      [
        "series ext4: keep the edges of a punched hole durable | v1 · 2 findings",
        "  patch ext4: keep the edges of a punched hole durable | 2 findings",
        "    function ext4_punch_flush() | fs/ext4/inode.c",
        "    function ext4_punch_sync_edges() | fs/ext4/inode.c",
        "      finding writeback under active handle: waits for writeback while handle is held (R1, 7 steps, 3 switches) | RL-WB-HANDLE · R1",
        "      finding folio lock under active handle: may wait for folio lock while handle is held (iomap_writepages > writeback_iter > folio_lock) | RL-FOLIO-HANDLE",
        "    function ext4_punch_hole() | fs/ext4/inode.c",
      ]
    `);
  });

  it('has what answers say on the lines of the patch that they are about', () => {
    const threads = review.threads.map(({ at, state, comments }) => ({
      on: [textAt(at.line), textAt(at.endLine)],
      state,
      said: comments.map(({ by, text, at: own }) => `${by}: ${text} (${textAt(own.line)})`),
    }));
    expect(threads).toMatchInlineSnapshot(`
      [
        {
          "on": [
            "diff --git a/fs/demo/log.c b/fs/demo/log.c",
            "+		return -EINVAL;",
          ],
          "said": [
            "Rex Reader, 2025-08-04: The lock is still held here. See log_add() in <v1-0@example.org>. (The lock is still held here. See log_add() in <v1-0@example.org>.)",
            "Ada Writer, 2025-08-04: Right, will fix. (Right, will fix.)",
          ],
          "state": "answered · the next version changed the lines",
        },
        {
          "on": [
            " 	log_count += n;",
            "+	spin_unlock(&log->lock);",
          ],
          "said": [
            "Rex Reader, 2025-08-04: Can this go below zero?

      Reviewed-by: Rex Reader <rex@example.org> (Can this go below zero?)",
          ],
          "state": "open · the next version left the lines as they are",
        },
      ]
    `);
  });

  it('leads to the lines that its rows speak of', () => {
    const lines = (kind: string): readonly string[] =>
      all(review.nodes.slice(0, 1))
        .filter((node) => node.kind === kind)
        .map((node) => textAt(node.at?.line ?? -1));
    expect(lines('function')).toEqual([
      ' int log_add(struct log *log, int n)',
      ' int log_read(struct log *log)',
      ' int log_add(struct log *log, int n)',
      ' int log_read(struct log *log)',
    ]);
    expect(lines('trailer')).toEqual(['Reviewed-by: Rex Reader <rex@example.org>']);
  });

  it('has ids that are unique and stay after an edit elsewhere', async () => {
    const ids = all(review.nodes).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const at = { line: 8, character: 0 };
    await client.change(SERIES_URI, [{ range: { start: at, end: at }, text: 'One more line.\n' }]);
    const edited = await ask(SERIES_URI);
    expect(all(edited.nodes).map(({ id }) => id)).toEqual(ids);
    const lines = (nodes: readonly ReviewNode[]): readonly number[] =>
      all(nodes).map(({ at }) => at?.line ?? -1);
    const old = lines(review.nodes);
    expect(lines(edited.nodes)).toEqual(old.map((line) => (line < at.line ? line : line + 1)));
  });
});

it('is empty for what is not open, and for a file of a model', async () => {
  expect((await ask('file:///not/open')).nodes).toEqual([]);
});

it('keeps what could steer a terminal out of the rows', async () => {
  const uri = 'file:///hostile.patch';
  const mail = `From: A <a@example.org>\nSubject: [PATCH] a\u001b[31m \u202eb\n\n---\n--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-int a;\n+int b;\n`;
  await client.open(uri, mail);
  const { nodes } = await ask(uri);
  expect(nodes.map(({ label }) => label)).toEqual(['a\\x1b[31m \\u202eb']);
});
