/** `racelore fetch` against a server of our own on the loopback. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { fetchThread } from '../../../server/cli/fetch.js';
import { mail, scratch } from './support.js';

const BOX = ['one', 'two'].map((s) => `From a@b Mon Sep 17 10:00:00 2001\n${mail(`${s}@x`, s)}\n`);

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Base address of a server that answers everything with one handler. */
async function server(handler: Handler): Promise<string> {
  const listening = createServer(handler);
  await new Promise<void>((done) => listening.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    listening.closeAllConnections();
    listening.close();
  });
  return `http://127.0.0.1:${(listening.address() as AddressInfo).port}/list`;
}

async function get(from: string, id = '<a/b%c@x>', seconds = '5'): Promise<string> {
  const output = join(scratch(), 'out.mbox');
  await fetchThread(id, { from, seconds, output });
  return readFileSync(output, 'utf8');
}

test('asks for the thread of the message and keeps what comes, unpacked', async () => {
  const asked: string[] = [];
  const from = await server((request, response) => {
    asked.push(request.url ?? '');
    response.end(gzipSync(BOX.join('')));
  });
  expect(await get(from)).toBe(BOX.join(''));
  expect(asked).toEqual(['/list/a%2Fb%25c%40x/t.mbox.gz']);
});

test('follows a redirect, not a circle of them, and never to another kind of address', async () => {
  const once = await server((request, response) => {
    if (request.url?.startsWith('/list') !== true) response.end(BOX.join(''));
    else response.writeHead(301, { location: '/moved' }).end();
  });
  expect(await get(once)).toBe(BOX.join(''));
  const circle = await server((_, response) => response.writeHead(302, { location: '/' }).end());
  await expect(get(circle)).rejects.toThrow('more than 3 redirects');
  const file = await server((_, r) => r.writeHead(302, { location: 'file:///etc/hostname' }).end());
  await expect(get(file)).rejects.toThrow('only http and https, not file:');
});

describe('refuses', () => {
  test.each([
    ['an error', (r: ServerResponse) => r.writeHead(500).end(), 'status 500'],
    ['a mail that is not there', (r: ServerResponse) => r.writeHead(404).end(), 'does not have'],
    ['a page', (r: ServerResponse) => r.end('<html>hello</html>'), 'is no mbox'],
    ['nothing', (r: ServerResponse) => r.end(), 'is no mbox'],
    ['broken gzip', (r: ServerResponse) => r.end(gzipSync('x').subarray(0, 12)), 'broken gzip'],
    [
      'a bomb',
      (r: ServerResponse) => {
        const part = gzipSync(Buffer.alloc(1024 * 1024, 32), { level: 9 });
        r.end(Buffer.concat(Array.from({ length: 300 }, () => part)));
      },
      'more than 256 MiB',
    ],
    [
      'an endless answer',
      (r: ServerResponse) => {
        const block = Buffer.alloc(1024 * 1024, 65);
        const more = (): void => {
          while (!r.destroyed && r.write(block));
          if (!r.destroyed) r.once('drain', more);
        };
        more();
      },
      'larger than 64 MiB',
    ],
  ])('%s', async (_, answer, why) => {
    const from = await server((_request, response) => {
      answer(response);
    });
    await expect(get(from, 'a@x', '20')).rejects.toThrow(why);
  });

  test('a server that is silent, or not there', async () => {
    const silent = await server(() => undefined);
    await expect(get(silent, 'a@x', '0.3')).rejects.toThrow('no answer within 0.3 s');
    await expect(get('http://127.0.0.1:1/x', 'a@x')).rejects.toThrow('127.0.0.1:1');
  });

  test.each([
    ['no-id', 'http://127.0.0.1/x', 'not a message id'],
    ['a b@x', 'http://127.0.0.1/x', 'not a message id'],
    ['a@x', 'nowhere', 'not a URL'],
    ['a@x', 'file:///tmp', 'only http and https'],
    ['a@x', 'http://me:secret@127.0.0.1/x', 'is not sent'],
  ])('%s from %s', async (id, from, why) => {
    await expect(get(from, id)).rejects.toThrow(why);
  });

  test('to write over a file', async () => {
    const from = await server((_, response) => response.end(BOX.join('')));
    const output = join(scratch(), 'there');
    writeFileSync(output, 'mine');
    await expect(fetchThread('a@x', { from, seconds: '5', output })).rejects.toThrow(
      'is there already',
    );
    expect(readFileSync(output, 'utf8')).toBe('mine');
  });
});
