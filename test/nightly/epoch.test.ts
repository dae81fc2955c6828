/**
 * A whole public-inbox epoch (RACELORE_EPOCH, a bare git directory) against git and Python: how many mails,
 * and for 500 patches that git takes the same author, date, subject, files and line counts. Then the time
 * and memory that reading all of it takes.
 */
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, describe, expect, test } from 'vitest';
import { mailsOfEpoch } from '../../server/cli/git-epoch.js';
import { readArchive, readStoredMail } from '../../server/cli/mails.js';
import { readMailDocument } from '../../server/mail/index.js';
import { readDiffs } from '../../server/patch/index.js';
import { lettersOf } from '../../server/review/index.js';
import { ROOT, which } from '../support/tools.mjs';
import { record } from './record.js';

const EPOCH = process.env['RACELORE_EPOCH'] ?? '';
const WANTED = 500;
/** Every so many mails are tried: not all are patches that git takes. */
const STEP = 29;
/** Mails of the mbox that is given to all readers. */
const IN_BOX = 5000;
const dir = mkdtempSync(join(tmpdir(), 'racelore-epoch-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

interface Facts {
  readonly subject: string;
  readonly author: string;
  readonly email: string;
  readonly date: string;
  readonly files: string;
}

const tidy = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** What git am would make of a mail; undefined when it has no patch that git can read. */
function byGit(mail: Uint8Array): Facts | undefined {
  const patch = join(dir, 'patch');
  const run = (args: readonly string[], input?: Uint8Array): string | undefined => {
    const done = spawnSync('git', args, { cwd: dir, input, encoding: 'utf8' });
    return done.status === 0 ? done.stdout : undefined;
  };
  const info = run(['mailinfo', '--scissors', join(dir, 'msg'), patch], mail);
  const numbers = info === undefined ? undefined : run(['apply', '--numstat', '-z', patch]);
  if (info === undefined || numbers === undefined || numbers === '') return undefined;
  const field = (name: string): string =>
    new RegExp(`^${name}: ?(.*)$`, 'm').exec(info)?.[1]?.trim() ?? '';
  return {
    // A patch that was passed on is the same patch.
    subject: field('Subject').replace(/^Fwd: /, ''),
    author: field('Author'),
    email: field('Email'),
    date: tidy(field('Date')),
    files: numbers
      .split('\0')
      .filter((f) => f !== '')
      .sort()
      .join('\n'),
  };
}

function ours(mail: Uint8Array): Facts | undefined {
  const { text } = readStoredMail({ name: 'm', bytes: mail });
  const doc = readMailDocument(text, 'm');
  const [letter] = lettersOf(doc, readDiffs(doc));
  if (!letter) return undefined;
  const { author } = letter;
  const counts = letter.files.map(({ path, added, deleted, isBinary }) =>
    isBinary ? `-\t-\t${path}` : `${added}\t${deleted}\t${path}`,
  );
  return {
    subject: letter.subject.title,
    author: author.name === '' ? (author.address ?? '') : author.name,
    email: author.address ?? '',
    date: tidy(letter.date.raw),
    files: counts.sort().join('\n'),
  };
}

/** Mails that git mailinfo is timed on: a process each. */
const TIMED = 1000;
/** Parses every mail and decodes its texts. */
const PYTHON = `import mailbox,sys
n=0
for m in mailbox.mbox(sys.argv[1]):
    n+=1
    for p in m.walk():
        if not p.is_multipart(): p.get_payload(decode=True)
    m['subject'], m['from'], m['date']
print(n)`;

/** Seconds of CPU that a shell script takes, its children's with them. */
function cpuOf(script: string): number {
  const timed = `TIMEFORMAT='%U %S'; time { ${script}; } > /dev/null 2> /dev/null`;
  const done = spawnSync('bash', ['-c', timed], { cwd: dir, encoding: 'utf8' });
  const [user = 0, system = 0] = done.stderr.trim().split(' ').map(Number);
  return user + system;
}

describe.runIf(EPOCH !== '' && which('git') !== undefined)('an epoch', () => {
  test('500 patches are what git says', { timeout: 600_000 }, async () => {
    const different: string[] = [];
    let compared = 0;
    let n = 0;
    for await (const { name, bytes } of mailsOfEpoch(EPOCH)) {
      if (compared === WANTED) break;
      if (n++ % STEP !== 0) continue;
      const theirs = byGit(bytes);
      if (!theirs) continue;
      compared++;
      const mine = ours(bytes);
      for (const key of ['subject', 'author', 'email', 'date', 'files'] as const)
        if (mine?.[key] !== theirs[key])
          different.push(`${name} ${key}: ${mine?.[key] ?? 'none'} | ${theirs[key]}`);
    }
    record('epoch-git', `patches against git: ${compared} compared, ${different.length} differ`);
    expect(different).toEqual([]);
    expect(compared).toBe(WANTED);
  });

  test('as an mbox it has as many mails as git mailsplit and Python count', async () => {
    const box = join(dir, 'box');
    const from = Buffer.from('From mboxrd@z Thu Jan  1 00:00:00 1970\n');
    let n = 0;
    writeFileSync(box, '');
    for await (const { bytes } of mailsOfEpoch(EPOCH)) {
      if (n++ === IN_BOX) break;
      const escaped = Buffer.from(bytes)
        .toString('latin1')
        .replaceAll(/^(>*From )/gm, '>$1');
      appendFileSync(box, Buffer.concat([from, Buffer.from(`${escaped}\n`, 'latin1')]));
    }
    const counted = (program: string, args: readonly string[]): number =>
      Number(spawnSync(program, args, { cwd: dir, encoding: 'utf8' }).stdout);
    mkdirSync(join(dir, 'split'));
    const split = counted('git', ['mailsplit', `-o${join(dir, 'split')}`, box]);
    writeFileSync(join(dir, 'count.py'), PYTHON);
    const hasPython = which('python3') !== undefined;
    const python = hasPython ? counted('python3', ['count.py', box]) : IN_BOX;
    const start = process.cpuUsage();
    const { letters } = await readArchive([box]);
    const { user, system } = process.cpuUsage(start);
    const mailinfo = `for f in $(ls split | head -n ${TIMED}); do git mailinfo msg patch < split/$f; done`;
    const rates = {
      ours: IN_BOX / ((user + system) / 1e6),
      git: 1 / (cpuOf(`git mailsplit -osplit box`) / IN_BOX + cpuOf(mailinfo) / TIMED),
      Python: hasPython ? IN_BOX / cpuOf('python3 count.py box') : Number.NaN,
    };
    const shown = Object.entries(rates).map(([name, rate]) => `${name} ${Math.round(rate)}`);
    record('epoch-count', `mails of an mbox: ${letters.length}, git ${split}, Python ${python}`);
    record('epoch-rates', `mails a second of CPU, of the same mbox: ${shown.join(', ')}`);
    expect([letters.length, split, python]).toEqual([IN_BOX, IN_BOX, IN_BOX]);
    expect(rates.ours).toBeGreaterThan(rates.git);
  }, 1_200_000);

  test('all of it is read at 2,000 mails a second in 300 MB', { timeout: 600_000 }, async () => {
    const child = join(ROOT, 'test/output/epoch-child.cjs');
    const entry = join(ROOT, 'test/nightly/epoch-child.ts');
    await build({ entryPoints: [entry], outfile: child, bundle: true, platform: 'node' });
    const done = spawnSync(process.execPath, [child, EPOCH], { encoding: 'utf8' });
    const [mails = 0, seconds = 0, megabytes = 0] = done.stdout.split(' ').map(Number);
    record(
      'epoch-time',
      `an epoch: ${mails} mails, ${Math.round(mails / seconds)} a second of CPU, ${megabytes} MB`,
    );
    expect(done.stderr).toBe('');
    expect(mails / seconds).toBeGreaterThanOrEqual(2000);
    expect(megabytes).toBeLessThanOrEqual(300);
  });
});
