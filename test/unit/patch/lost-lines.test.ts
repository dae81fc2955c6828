/** Mails in one line, as web pages leave them: hunks that are quoted in them are put back. */
import { expect, test } from 'vitest';
import { readMailDocument } from '../../../server/mail/index.js';
import { readDiffs, writtenMail, type FilePatch } from '../../../server/patch/index.js';
import { readShared, shared } from './shared-data.js';

const HEAD = `From mboxrd@z Thu Jan 1 00:00:00 1970 Received: ${'by mail.example.org '.repeat(60)}
Date: Wed, 17 Jun 2026 10:45:10 +0800 Subject: Re: [PATCH] demo From: Ann
To: list@example.org
Hello,
Bob wrote:
`;

/** As a web page shows it: each line end a space. */
function lost(body: string): string {
  return `${HEAD}${body}`.replaceAll(/\s*\n/g, ' ');
}

function read(text: string): { files: FilePatch[]; lines: readonly string[] } {
  const written = writtenMail(text, 'file:///mail');
  const doc = readMailDocument(written?.text ?? text, 'file:///mail');
  return { files: readDiffs(doc), lines: doc.lines.text.split('\n') };
}

/** The hunks as they would stand in a patch, with what was repaired. */
function hunks(text: string): string {
  return read(text)
    .files.flatMap(({ path, hunks }) =>
      hunks.map(
        ({ lines, repaired, damaged }) =>
          `${path}: ${[...new Set(repaired.map((r) => r.kind))].join(', ')} ${damaged?.message ?? ''}\n` +
          lines.map(({ mark, text }) => `${mark}${text}`).join('\n'),
      ),
    )
    .join('\n');
}

test('a quoted hunk is put back, with its header, and labelled', () => {
  const body = `> I tried:
>
> diff --git a/fs/demo.c b/fs/demo.c
> --- a/fs/demo.c
> +++ b/fs/demo.c
> @@ -10,5 +10,6 @@ int demo(struct inode *inode)
>  {
>   int error;
>
> + lock(inode);
>   error = run(inode);
>   return error;
>
> What do you think? It is > 1 anyway.
I think so.
`;
  expect(hunks(lost(body))).toBe(`fs/demo.c: blank-context, lost-newline${' '}
 {
  int error;
${' '}
+ lock(inode);
  error = run(inode);
  return error;`);
  // The rest stays as the page has it: nothing says where its lines ended.
  expect(read(lost(body)).lines.at(-1)).toBe(
    '> > What do you think? It is > 1 anyway. I think so. ',
  );
});

test('a comparison in the C is no line end', () => {
  const body = `> @@ -1,3 +1,4 @@
>  if (a > b)
>  \tc = 1;
> +d = a > b ? a : b;
>  }
>
> Thanks
`;
  expect(hunks(lost(body))).toContain(` if (a > b)
 \tc = 1;
+d = a > b ? a : b;
 }`);
});

test('a comparison with a negative number, too, where only that fits the counts', () => {
  const body = `> @@ -1,2 +1,3 @@
>  a();
> +if (x > -1)
>  b();
>
`;
  expect(hunks(lost(body))).toContain(' a();\n+if (x > -1)\n b();');
});

test('two ways that fit are none', () => {
  // One of the two is a line and the other the rest of a comparison.
  const body = `> @@ -1,3 +1,4 @@
>  a = x
> +1;
>  b = x
> +2;
>  c();
>
`;
  expect(writtenMail(lost(body), 'file:///mail')).toBeUndefined();
});

test('a hunk that was cut is left alone', () => {
  const body = `> @@ -1,9 +1,9 @@
>  a();
> +b();
>
> Thanks
`;
  expect(writtenMail(lost(body), 'file:///mail')).toBeUndefined();
});

test('a hunk in a quotation of a quotation', () => {
  const body = `> > diff --git a/fs/demo.c b/fs/demo.c
> > index 1234567..89abcde 100644
> > --- a/fs/demo.c
> > +++ b/fs/demo.c
> > @@ -1,2 +1,3 @@
> >  a();
> > +b();
> >  c();
> > @@ -9,2 +10,2 @@ int x;
> >  d();
> > -e();
> > +f();
>
> Why?
`;
  const [file] = read(lost(body)).files;
  expect(file).toMatchObject({ path: 'fs/demo.c', depth: 2, preBlob: '1234567' });
  expect(hunks(lost(body))).toContain(' a();\n+b();\n c();\nfs/demo.c');
  expect(hunks(lost(body))).toContain(' d();\n-e();\n+f();');
});

test('every line of it stands on the one line of the file', () => {
  const text = lost('> @@ -1,2 +1,3 @@\n>  a();\n> +b();\n>  c();\n>\n> Thanks\n');
  const written = writtenMail(text, 'file:///mail');
  expect(written).toMatchObject({ encodingLine: 0, cause: 'lost-lines' });
  expect(written?.rawLine).toEqual(written?.text.split('\n').map(() => 0));
  // No character is lost or made up: only spaces became line ends.
  expect(written?.text.replaceAll('\n', ' ')).toBe(text);
});

const SEED = 'seeds/002_d8540cbdf7c256c4.txt';
test.runIf(shared(SEED) !== undefined)('the diff of the mail of June 2026', () => {
  const { files } = read(readShared(SEED));
  expect(files.map(({ path, hunks }) => `${path} ${hunks[0]?.lines.length ?? 0}`)).toEqual([
    'fs/ext4/inode.c 8',
  ]);
  expect(files[0]?.hunks[0]?.damaged).toBeUndefined();
});
