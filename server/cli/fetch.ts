/**
 * `racelore fetch MSGID --from URL`: one thread from a public-inbox server, as an mbox. The only command
 * that uses the network, and only when it is called.
 */
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { textOf } from '../mail/byte-text.js';
import { readMailDocument } from '../mail/index.js';
import { plain } from '../report/plain.js';
import { EXIT_CLEAN } from './exit.js';
import { InputError } from './input.js';

export interface FetchOptions {
  readonly from: string;
  readonly output?: string;
  readonly seconds: string;
}

/** Compressed bytes of an answer, and bytes that they may unpack to. */
const MOST_BYTES = 64 * 1024 * 1024;
const MOST_UNPACKED = 256 * 1024 * 1024;
const MOST_REDIRECTS = 3;

function threadUrl(id: string, from: string): URL {
  const bare = id.trim().replace(/^<|>$/g, '');
  if (!/^[!-~]{1,990}$/.test(bare) || !bare.includes('@'))
    throw new InputError(`not a message id: ${bare}`);
  const base = from.endsWith('/') ? from : `${from}/`;
  if (!URL.canParse(base)) throw new InputError(`--from: not a URL: ${from}`);
  return checked(new URL(`${encodeURIComponent(bare)}/t.mbox.gz`, base));
}

function checked(url: URL): URL {
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new InputError(`only http and https, not ${url.protocol}`);
  if (url.username !== '' || url.password !== '')
    throw new InputError('a name or password in a URL is not sent');
  return url;
}

function because(error: unknown, seconds: number): string {
  if (!(error instanceof Error)) return 'failed';
  if (error.name === 'TimeoutError' || error.name === 'AbortError')
    return `no answer within ${seconds} s`;
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
  return `${error.message}${code}`;
}

async function answer(first: URL, signal: AbortSignal): Promise<Response> {
  let url = first;
  for (let n = 0; n <= MOST_REDIRECTS; n++) {
    const got = await fetch(url, { redirect: 'manual', signal, headers: { Accept: '*/*' } });
    const to = got.headers.get('location');
    if (got.status < 300 || got.status > 399 || to === null) return got;
    await got.body?.cancel();
    url = checked(new URL(to, url));
  }
  throw new InputError(`${first.href}: more than ${MOST_REDIRECTS} redirects`);
}

async function bytesOf(got: Response, url: URL): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = got.body?.getReader();
  for (;;) {
    const next = await reader?.read();
    if (!next || next.done) return Buffer.concat(parts);
    const part: unknown = next.value;
    if (!(part instanceof Uint8Array)) throw new InputError(`${url.href}: not bytes`);
    size += part.length;
    if (size > MOST_BYTES) {
      await reader?.cancel();
      throw new InputError(`${url.href}: larger than 64 MiB`);
    }
    parts.push(part);
  }
}

function unpack(bytes: Buffer, url: URL): Buffer {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const { gunzipSync } = process.getBuiltinModule('node:zlib');
  try {
    return gunzipSync(bytes, { maxOutputLength: MOST_UNPACKED });
  } catch {
    throw new InputError(`${url.href}: broken gzip data, or more than 256 MiB in it`);
  }
}

async function download(url: URL, seconds: number): Promise<Buffer> {
  const signal = AbortSignal.timeout(seconds * 1000);
  try {
    const got = await answer(url, signal);
    if (got.status === 404) throw new InputError(`${url.href}: the server does not have this mail`);
    if (got.status !== 200) throw new InputError(`${url.href}: status ${got.status}`);
    return unpack(await bytesOf(got, url), url);
  } catch (e) {
    if (e instanceof InputError) throw e;
    throw new InputError(`${url.href}: ${because(e, seconds)}`);
  }
}

/** A file that is there already is not written over. */
function save(path: string, bytes: Buffer): void {
  try {
    const fd = openSync(path, 'wx', 0o644);
    writeFileSync(fd, bytes);
    closeSync(fd);
  } catch (e) {
    const there = e instanceof Error && 'code' in e && e.code === 'EEXIST';
    throw new InputError(`${path}: ${there ? 'is there already' : 'cannot be written'}`);
  }
}

/** @throws {InputError} on a bad id or URL, an answer that is no mbox, a limit, a file that is there. */
export async function fetchThread(id: string, options: FetchOptions): Promise<number> {
  const url = threadUrl(id, options.from);
  const bytes = await download(url, Number(options.seconds));
  const doc = readMailDocument(textOf(bytes).text, url.href);
  if (doc.form !== 'mbox' && doc.form !== 'mail')
    throw new InputError(`${url.href}: the answer is no mbox`);
  const n = doc.messages.length;
  if (options.output === undefined) process.stdout.write(bytes);
  else save(options.output, bytes);
  const where = options.output === undefined ? '' : ` in ${options.output}`;
  process.stderr.write(plain(`${n} ${n === 1 ? 'mail' : 'mails'}${where}`) + '\n');
  return EXIT_CLEAN;
}
