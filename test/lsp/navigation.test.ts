/** Outline, folding and links of an mbox, as any editor gets them. */
import type { DocumentLink, DocumentSymbol, FoldingRange } from 'vscode-languageserver';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestClient } from './client.js';
import { SERIES, SERIES_URI, linesThatAre, textAt } from './series-mails.js';

let client: TestClient;
beforeAll(async () => {
  client = await TestClient.start({
    textDocument: { documentSymbol: { hierarchicalDocumentSymbolSupport: true } },
  });
  await client.open(SERIES_URI, SERIES, 'kernel-mail');
});
afterAll(async () => {
  expect(client.logged).toEqual([]);
  expect(await client.stop()).toBe(0);
});

function ask<T>(method: string, uri = SERIES_URI): Promise<T> {
  return client.connection.sendRequest<T>(method, { textDocument: { uri } });
}

/** `name  detail  (first line of it)`, indented. */
function drawn(symbols: readonly DocumentSymbol[], indent = ''): readonly string[] {
  return symbols.flatMap(({ name, detail = '', range, children = [] }) => [
    `${indent}${name} | ${detail} | ${textAt(range.start.line)}`,
    ...drawn(children, `${indent}  `),
  ]);
}

describe('the outline', () => {
  it('has messages, their diffs and the changed functions', async () => {
    const symbols = await ask<DocumentSymbol[]>('textDocument/documentSymbol');
    expect(drawn(symbols).filter((_, i) => i < 7)).toEqual([
      '[PATCH 0/2] demo: lock the log | Ada Writer, 2025-08-04 | Subject: [PATCH 0/2] demo: lock the log',
      '[PATCH 1/2] demo: lock the counter | Ada Writer, 2025-08-04 | Subject: [PATCH 1/2] demo: lock the counter',
      '  fs/demo/log.c | +4 −2 | diff --git a/fs/demo/log.c b/fs/demo/log.c',
      '    log_add() |  |  int log_add(struct log *log, int n)',
      '[PATCH 2/2] demo: lock the reader | Ada Writer, 2025-08-04 | Subject: [PATCH 2/2] demo: lock the reader',
      '  fs/demo/read.c | +2 −0 | diff --git a/fs/demo/read.c b/fs/demo/read.c',
      '    log_read() |  |  int log_read(struct log *log)',
    ]);
    expect(symbols.map(({ name }) => name).slice(3)).toEqual([
      'Re: [PATCH 1/2] demo: lock the counter',
      'Re: [PATCH 1/2] demo: lock the counter',
      '[PATCH v2 0/2] demo: lock the log',
      '[PATCH v2 1/2] demo: lock the counter',
      '[PATCH v2 2/2] demo: lock the reader',
    ]);
  });

  it('lies inside of itself: no symbol reaches beyond the one around it', async () => {
    const within = ({ range, children = [] }: DocumentSymbol): boolean =>
      children.every(
        (c) =>
          c.range.start.line >= range.start.line && c.range.end.line <= range.end.line && within(c),
      );
    const symbols = await ask<DocumentSymbol[]>('textDocument/documentSymbol');
    expect(symbols.length).toBe(8);
    expect(symbols.filter((s) => !within(s))).toEqual([]);
  });

  it('names files at the top of a bare patch, and keeps control characters out', async () => {
    const uri = 'file:///a.patch';
    const patch = '--- a/x\u001b[31m.c\n+++ b/x\u001b[31m.c\n@@ -1 +1 @@\n-int a;\n+int b;\n';
    await client.open(uri, patch);
    const symbols = await ask<DocumentSymbol[]>('textDocument/documentSymbol', uri);
    expect(symbols.map(({ name }) => name)).toEqual(['x\\x1b[31m.c']);
  });
});

describe('folding', () => {
  it('folds messages, quotations, diffs and hunks', async () => {
    const ranges = await ask<FoldingRange[]>('textDocument/foldingRange');
    const starts = (text: string): readonly (readonly [number, string])[] =>
      ranges
        .filter((r) => textAt(r.startLine) === text)
        .map((r) => [r.endLine - r.startLine + 1, textAt(r.endLine)]);
    expect(starts('From mboxrd@z Thu Jan  1 00:00:00 1970')).toHaveLength(8);
    expect(starts('diff --git a/fs/demo/read.c b/fs/demo/read.c')).toEqual([
      [12, ' }'],
      [12, ' }'],
    ]);
    expect(starts('@@ -3,5 +3,7 @@')).toEqual([
      [8, ' }'],
      [8, ' }'],
    ]);
    expect(starts('> Take the lock around the counter.')).toEqual([[15, '> +		return -EINVAL;']]);
    expect(starts('> > +	spin_lock(&log->lock);')).toEqual([[3, '> > +		return -EINVAL;']]);
    expect(starts('> On Mon, 4 Aug 2025 10:01:00 +0000, Ada Writer wrote:')).toEqual([
      [6, '> The lock is still held here. See log_add() in <v1-0@example.org>.'],
    ]);
  });
});

describe('links', () => {
  it('lead to messages of the document, to the archive, to commits and functions', async () => {
    const links = await ask<DocumentLink[]>('textDocument/documentLink');
    const drawnLinks = links.map(({ range: { start, end }, target = '' }) => {
      const line = /#L(\d+)$/.exec(target)?.[1];
      const to = line === undefined ? target : `→ ${textAt(Number(line) - 1)}`;
      return `${textAt(start.line).slice(start.character, end.character)} ${to}`;
    });
    const top = '→ From mboxrd@z Thu Jan  1 00:00:00 1970';
    expect(new Set(drawnLinks)).toEqual(
      new Set([
        'v1-0@example.org https://lore.kernel.org/all/v1-0%40example.org/',
        'v1-1@example.org https://lore.kernel.org/all/v1-1%40example.org/',
        'v1-2@example.org https://lore.kernel.org/all/v1-2%40example.org/',
        'r-1@example.org https://lore.kernel.org/all/r-1%40example.org/',
        'r-2@example.org https://lore.kernel.org/all/r-2%40example.org/',
        'v2-0@example.org https://lore.kernel.org/all/v2-0%40example.org/',
        'v2-1@example.org https://lore.kernel.org/all/v2-1%40example.org/',
        'v2-2@example.org https://lore.kernel.org/all/v2-2%40example.org/',
        `v1-0@example.org ${top}`,
        `v1-1@example.org ${top}`,
        `r-1@example.org ${top}`,
        `v2-0@example.org ${top}`,
        `https://lore.kernel.org/r/v1-0@example.org/ ${top}`,
        `https://lore.kernel.org/r/v1-1@example.org/ ${top}`,
        '0123456789abcdef0123456789abcdef01234567 https://git.kernel.org/linus/0123456789abcdef0123456789abcdef01234567',
        '0123456789ab https://git.kernel.org/linus/0123456789ab',
        'log_add →  int log_add(struct log *log, int n)',
      ]),
    );
  });

  it('of an answer leads to the message it answers', async () => {
    const links = await ask<DocumentLink[]>('textDocument/documentLink');
    const [line = 0] = linesThatAre('In-Reply-To: <r-1@example.org>');
    const [link] = links.filter((l) => l.range.start.line === line);
    const target = Number(/#L(\d+)$/.exec(link?.target ?? '')?.[1]);
    expect(textAt(target)).toBe('From: Rex Reader <rex@example.org>');
    expect(link?.tooltip).toBe('Message of Rex Reader, 2025-08-04');
  });
});
