/** `racelore fetch` against a real public-inbox server on the loopback, with a thread that is imported into it. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { fetchThread } from '../../server/cli/fetch.js';
import { readArchive } from '../../server/cli/mails.js';
import { threadsOf } from '../../server/review/index.js';
import { sharedData, which } from '../support/tools.mjs';
import { record } from './record.js';

const ADDRESS = 'demo@example.org';
const raw = join(sharedData() ?? '', 'corpus/raw');
const there = sharedData() !== undefined && which('public-inbox-httpd') !== undefined;
const dir = mkdtempSync(join(tmpdir(), 'racelore-inbox-'));
const env = {
  ...process.env,
  HOME: dir,
  PI_CONFIG: join(dir, 'config'),
  ORIGINAL_RECIPIENT: ADDRESS,
  PI_EMERGENCY: join(dir, 'emergency'),
};

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((done) => server.close(() => done()));
  return port;
}

/** Resolves as soon as the server answers. */
async function answering(url: string): Promise<void> {
  for (let n = 0; n < 300; n++) {
    try {
      await fetch(url);
      return;
    } catch {
      await new Promise((done) => setTimeout(done, 100));
    }
  }
  throw new Error(`${url} does not answer`);
}

describe.runIf(there)('a public-inbox server', () => {
  const stops: (() => void)[] = [];
  afterAll(() => {
    for (const stop of stops) stop();
    rmSync(dir, { recursive: true, force: true });
  });

  test('gives the largest thread of the corpus', { timeout: 600_000 }, async () => {
    const names = readdirSync(raw).sort();
    const { letters } = await readArchive(names.map((name) => join(raw, name)));
    const thread = threadsOf(letters).sort((a, b) => b.entries.length - a.entries.length)[0];
    const wanted = (thread?.entries ?? []).map((e) => e.letter);
    const port = await freePort();
    const from = `http://127.0.0.1:${port}/demo/`;
    const run = (program: string, args: readonly string[], input?: Uint8Array): void => {
      const done = spawnSync(program, args, { env, input, encoding: 'utf8' });
      if (done.status !== 0) throw new Error(`${program}: ${done.stderr}`);
    };
    const inbox = join(dir, 'demo');
    writeFileSync(env.PI_CONFIG, '[publicinboxmda]\n\tspamcheck = none\n');
    run('public-inbox-init', ['-V2', '-L', 'basic', 'demo', inbox, from, ADDRESS]);
    for (const at of wanted)
      run('public-inbox-mda', ['--no-precheck'], readFileSync(join(raw, names[at] ?? '')));
    const daemon = spawn('public-inbox-httpd', ['-W0', '-l', `127.0.0.1:${port}`], {
      env,
      stdio: 'ignore',
    });
    stops.push(() => daemon.kill());
    await answering(from);

    const output = join(dir, 'thread.mbox');
    const id = letters[wanted.at(-1) ?? -1]?.messageId ?? '';
    await fetchThread(id, { from, seconds: '60', output });
    const fetched = await readArchive([output]);
    const ids = (all: typeof letters): string[] => all.map((l) => l.messageId ?? '').sort();
    record('public-inbox', `a thread from a public-inbox server: ${fetched.letters.length} mails`);
    expect(ids(fetched.letters)).toEqual(ids(wanted.flatMap((at) => letters[at] ?? [])));
    const facts = (all: typeof letters): string[] =>
      all.map((l) => JSON.stringify([l.rawSubject, l.author, l.date.iso, l.files])).sort();
    expect(facts(fetched.letters)).toEqual(facts(wanted.flatMap((at) => letters[at] ?? [])));
    await expect(fetchThread('none@example.org', { from, seconds: '60' })).rejects.toThrow(
      'the server does not have this mail',
    );
  });
});
