/** A scenario that a user writes in `.racelore/`: errors, hover, and its run, over stdio. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DiagnosticSeverity } from 'vscode-languageserver';
import type { CodeLens, Hover } from 'vscode-languageserver';
import type { RunRaceResult } from '../../shared/protocol.js';
import { TestClient } from './client.js';

const URI = 'file:///work%20tree/.racelore/mine.c';
const MINE = `__scenario("mine", "inode lock against my lock");
struct mutex my_lock;
__thread("first") static void first(void)
{
	inode_lock(&inode);
	mutex_lock(&my_lock);
	mutex_unlock(&my_lock);
	inode_unlock(&inode);
}
__thread("second") static void second(void)
{
	mutex_lock(&my_lock);
	inode_lock(&inode);
	inode_unlock(&inode);
	mutex_unlock(&my_lock);
}
`;

let client: TestClient;

beforeAll(async () => {
  client = await TestClient.start({});
  await client.open(URI, MINE.replace('my_lock);', 'my_lokc);'), 'c');
});
afterAll(async () => {
  expect(client.logged).toEqual([]);
  expect(await client.stop()).toBe(0);
});

describe('a file of Model C', () => {
  it('has its error at the C line, and none once it is mended', async () => {
    const p = await client.until(URI, (d) => d.diagnostics.length > 0, 'an error');
    expect(p.diagnostics.map((d) => [d.range.start.line, d.severity])).toEqual([
      [5, DiagnosticSeverity.Error],
    ]);
    const at = { line: 5, character: 13 };
    await client.change(URI, [
      { range: { start: at, end: { line: 5, character: 20 } }, text: 'my_lock' },
    ]);
    await client.until(URI, (d) => d.diagnostics.length === 0, 'no error');
  });

  it('says what is held', async () => {
    const hover = await client.connection.sendRequest<Hover>('textDocument/hover', {
      textDocument: { uri: URI },
      position: { line: 5, character: 3 },
    });
    expect(JSON.stringify(hover.contents)).toContain('i_rwsem');
  });

  it('is run from its row, which then has the verdict', async () => {
    const lens = async (): Promise<CodeLens[]> =>
      client.connection.sendRequest<CodeLens[]>('textDocument/codeLens', {
        textDocument: { uri: URI },
      });
    const [row] = await lens();
    expect(row?.range.start.line).toBe(0);
    const result = await client.connection.sendRequest<RunRaceResult>('workspace/executeCommand', {
      command: row?.command?.command,
      arguments: row?.command?.arguments,
    });
    expect(JSON.stringify(result)).toContain('deadlock');
    const [after] = await lens();
    expect(after?.command?.title).toMatch(/^✗ inode lock against my lock: race found \(deadlock/);
  });
});
