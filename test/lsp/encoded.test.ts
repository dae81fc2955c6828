/** A mail in base64: one report says so, the decoded text opens and has the finding. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DiagnosticSeverity } from 'vscode-languageserver';
import type { CodeAction } from 'vscode-languageserver';
import { TestClient } from './client.js';
import { EXAMPLE } from './texts.js';

const URI = 'file:///mail/encoded.eml';
const CUT = EXAMPLE.indexOf('\n\n');
const BODY = Buffer.from(EXAMPLE.slice(CUT + 2)).toString('base64');
const HEAD = EXAMPLE.slice(0, CUT).replace(/^(?:Content-|MIME-).*\n?/gim, '');
const ENCODED = `${HEAD}\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n${(BODY.match(/.{1,76}/g) ?? []).join('\n')}\n`;

let client: TestClient;
beforeAll(async () => {
  client = await TestClient.start({ window: { showDocument: { support: true } } });
  await client.open(URI, ENCODED, 'mail');
});
afterAll(async () => {
  expect(client.logged).toEqual([]);
  expect(await client.stop()).toBe(0);
});

describe('an encoded mail', () => {
  it('has one report, on the line that names the encoding, with an action that opens the text', async () => {
    const { diagnostics } = await client.until(URI, (p) => p.diagnostics.length > 0, 'a report');
    const line = ENCODED.split('\n').findIndex((l) => l.startsWith('Content-Transfer-Encoding'));
    expect(diagnostics.map((d) => [d.severity, d.range.start.line])).toEqual([
      [DiagnosticSeverity.Information, line],
    ]);
    const [open] = await client.connection.sendRequest<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri: URI },
      range: diagnostics[0]?.range,
      context: { diagnostics },
    });
    expect(open?.title).toBe('Open decoded');
    const { uri } = await client.connection.sendRequest<{ uri: string }>(
      'workspace/executeCommand',
      {
        command: open?.command?.command,
        arguments: open?.command?.arguments,
      },
    );
    expect(client.shown).toContain(uri);
    const text = readFileSync(fileURLToPath(uri), 'utf8');
    await client.open(uri, text, 'mail');
    const found = await client.until(
      uri,
      (p) => p.diagnostics.some((d) => d.severity === DiagnosticSeverity.Error),
      'the race of the example',
    );
    expect(found.diagnostics.map((d) => d.code)).toContain('RL-WB-HANDLE');
  });
});
