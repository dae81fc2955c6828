/** What a reader sees coloured, with the tokeniser and the C grammar of VS Code. */
import { describe, expect, it } from 'vitest';
import { tokenize } from '../../support/textmate.js';
import { editorHost } from '../../support/tools.mjs';

const MAIL = `From 0123456789abcdef Mon Sep 17 00:00:00 2001
From: A B <a@example.org>
Subject: [PATCH v2 1/2] fs: a thing
 that goes on
Message-ID: <1@example.org>

Subjects: none.
On Mon, 4 Aug 2025, C D wrote:
> > deep
> said
> @@ -7,2 +7,2 @@ static int old(void)
>  	return 1;
> -	int quoted;
Why?
> +	int more;
Fixes: 0123456789ab ("fs: it")
Signed-off-by: A B <a@example.org>
---
 fs/a.c | 4 ++--

diff --git a/fs/a.c b/fs/a.c
--- a/fs/a.c
+++ b/fs/a.c
@@ -1,5 +1,5 @@ static int one(void)
 /*
  * It's a "comment
  */
-	int a = 1;
+	return b("x"); /* open

+	return 2;
diff --git a/doc/x.rst b/doc/x.rst
--- a/doc/x.rst
+++ b/doc/x.rst
@@ -1 +1 @@
-int x;
+return y;
-- 
2.43.0
From 0123456789abcdef Mon Sep 17 00:00:00 2001
Subject: [PATCH v2 2/2] fs: more

int text;`;

type Lines = Awaited<ReturnType<typeof tokenize>>;

/** Scopes of a token, by the number of the line (from 1) and its text. */
function at(lines: Lines, line: number, text: string): string {
  const found = lines[line - 1]?.find(([part]) => part === text);
  return found?.[1] ?? `no token; there are: ${JSON.stringify(lines[line - 1])}`;
}

function lineOf(text: string): number {
  return MAIL.split('\n').indexOf(text) + 1;
}

describe.runIf(editorHost() !== undefined)('a mail', async () => {
  const lines = editorHost() === undefined ? [] : await tokenize('text.mail.kernel', MAIL);

  it('has headers up to the first empty line, also of a second mail', () => {
    expect(at(lines, 2, 'From')).toContain('keyword.other.header');
    expect(at(lines, 2, '<a@example.org>')).toContain('underline.link');
    expect(at(lines, 3, '[PATCH v2 1/2]')).toContain('constant.other.tag');
    expect(at(lines, 4, 'that goes on')).toContain('markup.heading.subject');
    expect(at(lines, lineOf('Subjects: none.'), 'Subjects: none.')).toBe('');
    const second = lineOf('Subject: [PATCH v2 2/2] fs: more');
    expect(at(lines, second, 'fs: more')).toContain('markup.heading.subject');
    expect(at(lines, second + 2, 'int text;')).toBe('');
  });

  it('shows who said what, and the trailers', () => {
    const [attribution, deep, said] = [8, 9, 10].map((n) => lines[n - 1]?.[0]?.[1]);
    expect(attribution).toContain('attribution');
    expect(deep).toContain('level2');
    expect(said).toContain('level1');
    expect(at(lines, lineOf('Fixes: 0123456789ab ("fs: it")'), '0123456789ab')).toContain('commit');
    expect(at(lines, lineOf('Signed-off-by: A B <a@example.org>'), 'Signed-off-by')).toContain(
      'trailer',
    );
    expect(at(lines, lineOf(' fs/a.c | 4 ++--'), '--')).toContain('markup.deleted');
  });

  it('has C in the hunks of C files, quoted ones too', () => {
    const header = lineOf('@@ -1,5 +1,5 @@ static int one(void)');
    expect(at(lines, header, 'one')).toContain('entity.name.function.c');
    expect(at(lines, header + 2, `* It's a "comment`)).toContain('comment.block.c');
    expect(at(lines, header + 4, 'int')).toBe(
      'meta.file.diff meta.hunk.diff markup.deleted.diff meta.embedded.line.c storage.type.built-in.primitive.c',
    );
    expect(at(lines, header + 5, 'return')).toMatch(/markup\.inserted.* keyword\.control\.c$/);
    expect(at(lines, lineOf('>  	return 1;'), 'return')).toContain('keyword.control.c');
    expect(at(lines, lineOf('> -	int quoted;'), 'int')).toMatch(/markup\.deleted.* storage\.type/);
  });

  it('reads each line of a hunk by itself: what one leaves open does not run on', () => {
    const open = lineOf('+	return b("x"); /* open');
    expect(at(lines, open, '/*')).toContain('comment.block.c');
    expect(at(lines, open + 2, 'return')).toMatch(/inserted.* keyword\.control\.c$/);
    expect(at(lines, lineOf('> +	int more;'), '> +	int more;')).toContain('markup.inserted');
    expect(at(lines, lineOf('Why?'), 'Why?')).toBe('');
  });

  it('has no C in other files, and none behind the signature', () => {
    expect(at(lines, lineOf('+return y;'), 'return y;')).toBe(
      'meta.file.diff meta.hunk.diff markup.inserted.diff meta.line.diff',
    );
    expect(at(lines, lineOf('-- '), '--')).toContain('signature');
    expect(at(lines, lineOf('2.43.0'), '2.43.0')).toBe('');
  });
});

describe.runIf(editorHost() !== undefined)('a patch, in the language that VS Code has', () => {
  it('gets C into its hunks and keeps the rest', async () => {
    const patch = MAIL.split('\n').slice(lineOf('--- a/fs/a.c') - 2);
    const lines = await tokenize('source.diff', patch.join('\n'));
    expect(lines[0]?.[0]?.[1]).toContain('meta.diff.header.git');
    expect(at(lines, 9, 'return')).toMatch(/markup\.inserted.* keyword\.control\.c$/);
    expect(at(lines, 17, 'return y;')).not.toContain('.c');
  });
});
