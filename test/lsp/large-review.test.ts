/** The review of files that are too large to be analysed while they are edited. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Method } from '../../shared/protocol.js';
import type { ReviewNode, ReviewResult } from '../../shared/review.js';
import { TestClient } from './client.js';
import { SERIES } from './series-mails.js';

const dir = mkdtempSync(join(tmpdir(), 'racelore-large-'));
let client: TestClient;
beforeAll(async () => {
  client = await TestClient.start();
});
afterAll(async () => {
  expect(await client.stop()).toBe(0);
  rmSync(dir, { recursive: true, force: true });
});

/** Mails of no series in front of it. */
function filler(length: number): string {
  const one = `From mboxrd@z Thu Jan  1 00:00:00 1970
From: Fay Filler <fay@example.org>
Date: Mon, 4 Aug 2025 09:00:00 +0000
Subject: news
Content-Transfer-Encoding: quoted-printable

${'Nothing new, but more of it.=20\n'.repeat(20_000)}
`;
  return one.repeat(Math.ceil(length / one.length));
}

async function review(name: string, text: string): Promise<ReviewResult> {
  const path = join(dir, name);
  writeFileSync(path, text);
  const { href } = pathToFileURL(path);
  return client.connection.sendRequest<ReviewResult>(Method.review, { uri: href });
}

function all(nodes: readonly ReviewNode[]): readonly ReviewNode[] {
  return nodes.flatMap((node) => [node, ...all(node.children)]);
}

it('shows series, patches and comments, on the lines of the file', async () => {
  const text = `${filler(5_000_000)}${SERIES}`;
  const { nodes, threads } = await review('large.mbox', text);
  const lines = text.split('\n');
  const patch = all(nodes).find(({ kind, label }) => kind === 'patch' && label.startsWith('1/2'));
  expect(nodes.map(({ label }) => label)).toEqual(['demo: lock the log']);
  // The row of a mail is its From_ line.
  expect(lines[(patch?.at?.line ?? 0) + 3]).toBe('Subject: [PATCH v2 1/2] demo: lock the counter');
  expect(threads.length).toBeGreaterThan(0);
  for (const { comments } of threads)
    for (const { text: said, at } of comments) expect(lines[at.line]).toBe(said.split('\n')[0]);
});

it('is no way to a small file that nobody opened, nor to one that is not there', async () => {
  expect((await review('small.mbox', SERIES)).nodes).toEqual([]);
  const uri = pathToFileURL(join(dir, 'none.mbox')).href;
  const none = await client.connection.sendRequest<ReviewResult>(Method.review, { uri });
  expect(none.nodes).toEqual([]);
});
