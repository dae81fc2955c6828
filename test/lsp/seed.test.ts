/** The saved thread of July and August 2025 over stdio; needs the mails beside the checkout. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DiagnosticSeverity } from 'vscode-languageserver';
import type { Diagnostic } from 'vscode-languageserver';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT, sharedData } from '../support/tools.mjs';
import { TestClient } from './client.js';
import type { Published } from './client.js';
import { deleteLine, insertAt } from './texts.js';

const SEED = join(sharedData() ?? ROOT, 'seeds/004_96d5ec619a9424d3.txt');
const URI = 'file:///thread.txt';
/** 0-based. */
const CALL = 446;

function errors(p: Published): readonly Diagnostic[] {
  return p.diagnostics.filter((d) => d.severity === DiagnosticSeverity.Error);
}

const isDecided = (p: Published): boolean =>
  !JSON.stringify(p.diagnostics).includes('(checking)') &&
  errors(p).some((d) => d.code === 'RL-WB-HANDLE');

describe.runIf(existsSync(SEED))('the thread, saved as text', () => {
  let client: TestClient;
  let text: string;
  let found: Published;

  beforeAll(async () => {
    text = readFileSync(SEED, 'utf8');
    client = await TestClient.start();
    await client.open(URI, text, 'plaintext');
    found = await client.until(URI, isDecided, 'the race is found');
  });
  afterAll(async () => {
    expect(client.logged).toEqual([]);
    expect(await client.stop()).toBe(0);
  });

  it('has its error at the call under the handle in line 447', () => {
    expect(errors(found).map((d) => [d.range.start.line, d.code])).toEqual([
      [CALL, 'RL-WB-HANDLE'],
      // The WARN that a reply names, on the second diff.
      [849, 'RL-WARN'],
    ]);
  });

  it('leads on to line 434, to where the handle is taken and to where it waits', () => {
    const related = errors(found)[0]?.relatedInformation ?? [];
    expect(related.map((r) => r.message)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^then here/),
        expect.stringMatching(/handle taken here/),
        expect.stringMatching(/waits for writeback here/),
      ]),
    );
    expect(
      related.filter((r) => r.location.uri === URI).map((r) => r.location.range.start.line + 1),
    ).toEqual([434]);
    expect(related.filter((r) => r.location.uri.endsWith('.c')).length).toBeGreaterThan(1);
  });

  it('says at that line that the handle is held', async () => {
    const character = text.split('\n')[CALL]?.indexOf('ext4_iomap_zero_range') ?? 0;
    const hover = await client.hover(URI, CALL, character);
    expect(JSON.stringify(hover?.contents)).toMatch(/\*\*handle\*\*[^-]* by the caller/);
  });

  it('is clear without the line, and as before with it', async () => {
    const line = `${text.split('\n')[CALL] ?? ''}\n`;
    await client.change(URI, [deleteLine(CALL)]);
    const isGone = (p: Published): boolean => !errors(p).some((d) => d.code === 'RL-WB-HANDLE');
    await client.until(URI, isGone, 'the deletion clears it');
    await client.change(URI, [insertAt(CALL, line)]);
    const again = await client.until(URI, isDecided, 'undo restores it');
    expect(errors(again)).toEqual(errors(found));
  });
});
