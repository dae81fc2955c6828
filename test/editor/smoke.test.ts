import { afterAll, beforeAll, it } from 'vitest';
import { type Editor, startEditor } from './host.js';

const PATCH = ['--- a/x.c', '+++ b/x.c', '@@ -1 +1 @@', '-int a;', '+int b;', ''].join('\n');

let editor: Editor;
beforeAll(async () => {
  editor = await startEditor({ files: new Map([['a.patch', PATCH]]) });
});
afterAll(() => editor.close());

it('opens a patch in VS Code’s own diff language', async () => {
  await editor.open('a.patch');
  await editor.page.locator('.statusbar-item-label', { hasText: /^Diff$/ }).waitFor();
  await editor.screenshot('patch');
});
