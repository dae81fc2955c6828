/** Versions compared and replies drafted by commands of the server, for any editor. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { CodeAction } from 'vscode-languageserver';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TextResult } from '../../shared/protocol.js';
import { TestClient } from './client.js';
import { SERIES, SERIES_URI, linesThatAre } from './series-mails.js';
import { EXAMPLE, EXAMPLE_URI, lineOf } from './texts.js';

let client: TestClient;
beforeAll(async () => {
  client = await TestClient.start({ window: { showDocument: { support: true } } });
  await client.open(SERIES_URI, SERIES, 'mail');
  await client.open(EXAMPLE_URI, EXAMPLE, 'mail');
});
afterAll(async () => {
  expect(client.logged).toEqual([]);
  expect(await client.stop()).toBe(0);
});

/** 0-based line of the n-th line with this text. */
function nth(text: string, n: number): number {
  const line = linesThatAre(text)[n];
  if (line === undefined) throw new Error(`no line ${text}`);
  return line;
}

const FIRST = linesThatAre('Subject: [PATCH 1/2] demo: lock the counter')[0];

describe('comparing versions', () => {
  const compare = (uri: string, line: number | undefined): Promise<TextResult> =>
    client.execute<TextResult>('racelore.compareVersions', { uri, line });

  it('shows a file with the version at the cursor against the one before it', async () => {
    const result = await compare(
      SERIES_URI,
      nth('Subject: [PATCH v2 1/2] demo: lock the counter', 0),
    );
    expect(result.text).toMatch(
      /^demo: lock the log: v1 against v2\n\n1\/2 ! 1\/2 {2}demo: lock the counter\n/,
    );
    expect(result.uri).toMatch(/v1-v2\.diff$/);
    expect(readFileSync(fileURLToPath(result.uri), 'utf8')).toBe(result.text);
    expect(client.shown).toContain(result.uri);
  });

  it('means the same in an answer to the first version', async () => {
    const [newer, answer] = await Promise.all([
      compare(SERIES_URI, FIRST),
      compare(SERIES_URI, nth('Can this go below zero?', 0)),
    ]);
    expect(answer.text).toBe(newer.text);
  });

  it('refuses in words where there is one version', async () => {
    await expect(compare(EXAMPLE_URI, 3)).rejects.toThrow('no other version of this series');
    await expect(compare('file:///not/open', 3)).rejects.toThrow('no mail or patch');
    await expect(compare(SERIES_URI, undefined)).rejects.toThrow('expected one argument');
  });
});

describe('code actions', () => {
  const titles = async (line: number): Promise<readonly string[]> => {
    const range = { start: { line, character: 0 }, end: { line, character: 0 } };
    const actions = await client.connection.sendRequest<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri: SERIES_URI },
      range,
      context: { diagnostics: [] },
    });
    return actions.map(({ title }) => title);
  };

  it('offer both in a hunk, and nothing beside it', async () => {
    expect(await titles(nth(' int log_read(struct log *log)', 0))).toEqual([
      'Draft a reply quoting this hunk',
      'Compare with the previous version',
    ]);
    expect(await titles(nth('The reader wants it too.', 0))).toEqual([]);
  });
});

describe('drafting a reply', () => {
  const draft = (uri: string, line: number, endLine = line): Promise<TextResult> =>
    client.execute<TextResult>('racelore.draftReply', { uri, line, endLine });

  it('quotes the hunk at the cursor, says whose it is, and goes to its thread', async () => {
    const { text } = await draft(SERIES_URI, nth(' int log_read(struct log *log)', 0));
    expect(text).toMatchInlineSnapshot(`
      "To: Ada Writer <ada@example.org>
      Subject: Re: [PATCH 2/2] demo: lock the reader
      In-Reply-To: <v1-2@example.org>
      References: <v1-0@example.org>
       <v1-2@example.org>

      On Mon, 4 Aug 2025 10:02:00 +0000, Ada Writer wrote:
      > diff --git a/fs/demo/read.c b/fs/demo/read.c
      > @@ -3,5 +3,7 @@
      >  int log_read(struct log *log)
      >  {
      > +	spin_lock(&log->lock);
      >  	wait_for_entry(log);
      > +	spin_unlock(&log->lock);
      >  	return log_first(log);
      >  }

      "
    `);
  });

  it('quotes what is selected, with the names of file and function above it', async () => {
    const line = nth(' 	log_count += n;', 0);
    const { text } = await draft(SERIES_URI, line, line + 1);
    expect(text.split('\n').filter((l) => l.startsWith('>'))).toEqual([
      '> diff --git a/fs/demo/log.c b/fs/demo/log.c',
      '> @@ -10,9 +10,11 @@ static int log_count;',
      '> [...]',
      '>  	log_count += n;',
      '> +	spin_unlock(&log->lock);',
    ]);
  });

  it('quotes quotations one level deeper, and a paragraph outside of diffs', async () => {
    const { text } = await draft(SERIES_URI, nth('Can this go below zero?', 0));
    expect(text).toContain('wrote:\n> Can this go below zero?\n\n');
    const line = nth('> On Mon, 4 Aug 2025 10:01:00 +0000, Ada Writer wrote:', 0);
    expect((await draft(SERIES_URI, line, line + 1)).text).toContain(
      '\n>> On Mon, 4 Aug 2025 10:01:00 +0000, Ada Writer wrote:\n>> > +	spin_lock(&log->lock);\n',
    );
  });

  it('has the schedule of the finding below, in 72 columns', async () => {
    await client.until(
      EXAMPLE_URI,
      (p) => p.diagnostics.some((d) => d.code === 'RL-WB-HANDLE' && d.severity === 1),
      'the race of the example',
    );
    const { text } = await draft(EXAMPLE_URI, lineOf('ret = ext4_punch_flush('));
    const own = text.split('\n').filter((l) => !l.startsWith('>'));
    expect(own.filter((l) => l.length > 72)).toEqual([]);
    expect(text).toMatch(/\n> \+.*ext4_punch_flush\([^]*\n\n[^>][^]*\nreplay:/);
  });
});
