/**
 * A real VS Code in a real browser for one test file, with the packaged extension: its own home,
 * extensions, settings, folder and port, all gone afterwards. Needs `npm run setup`.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Browser, type Page, chromium } from 'playwright-core';
import { VSIX } from '../support/pack.js';
import { ROOT, browser as browserPath, editorHost } from '../support/tools.mjs';

export interface Editor {
  readonly page: Page;
  /** The folder that is open, an absolute path. */
  readonly folder: string;
  /** Opens one file of the folder in the editor. */
  readonly open: (name: string) => Promise<void>;
  /** Keeps a picture of the window in test/output/editor. */
  readonly screenshot: (name: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface EditorOptions {
  /** Files of the opened folder: name → text. */
  readonly files: ReadonlyMap<string, string>;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** Without these VS Code greets, asks for trust and looks for updates. */
const QUIET = {
  'security.workspace.trust.enabled': false,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'workbench.enableExperiments': false,
  'git.enabled': false,
  'chat.disableAIFeatures': true,
  'editor.minimap.enabled': false,
  'editor.hover.delay': 100,
  'workbench.colorTheme': 'Default Light Modern',
};

const CHROMIUM = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
  ...['--disable-background-networking', '--disable-component-update'],
];

function need(path: string | undefined, what: string): string {
  if (path === undefined) throw new Error(`${what} is not installed: npm run setup`);
  return path;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function healthy(base: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const response = await fetch(`${base}/healthz`).catch(() => undefined);
    if (response?.ok === true) return;
    await sleep(100);
  }
  throw new Error('the editor host did not start');
}

/** Ends the server and what it started; it runs in a process group of its own. */
async function stop(server: ChildProcess): Promise<void> {
  if (server.pid === undefined || server.exitCode !== null) return;
  const ended = new Promise((resolve) => server.once('exit', resolve));
  process.kill(-server.pid, 'SIGTERM');
  const late = Symbol('late');
  if ((await Promise.race([ended, sleep(5000, late)])) === late)
    process.kill(-server.pid, 'SIGKILL');
}

/** Starts the host with the extension, opens its page. Takes 3 to 5 seconds. */
export async function startEditor(options: EditorOptions): Promise<Editor> {
  const entry = join(
    need(editorHost(), 'the editor host'),
    'node_modules/code-server/out/node/entry.js',
  );
  const home = mkdtempSync(join(tmpdir(), 'racelore-editor-'));
  const folder = join(home, 'folder');
  mkdirSync(folder);
  for (const [name, text] of options.files) writeFileSync(join(folder, name), text);
  mkdirSync(join(home, 'data/User'), { recursive: true });
  const settings = { ...QUIET, ...options.settings };
  writeFileSync(join(home, 'data/User/settings.json'), JSON.stringify(settings));
  writeFileSync(join(home, 'config.yaml'), '{}\n');

  const env: NodeJS.ProcessEnv = { ...process.env, HOME: home };
  for (const name of ['CONFIG', 'DATA', 'CACHE']) env[`XDG_${name}_HOME`] = join(home, name);
  const common = ['--config', join(home, 'config.yaml'), '--user-data-dir', join(home, 'data')];
  common.push('--extensions-dir', join(home, 'extensions'));
  const install = [entry, ...common, '--install-extension', VSIX, '--force'];
  execFileSync(process.execPath, install, { env, stdio: 'pipe' });

  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const flags = ['--disable-telemetry', '--disable-update-check', '--disable-workspace-trust'];
  flags.push('--disable-getting-started-override', '--disable-proxy', '--ignore-last-opened');
  const listen = ['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`];
  const server = spawn(process.execPath, [entry, ...common, ...listen, ...flags], {
    env,
    detached: true,
    stdio: 'ignore',
  });

  let browser: Browser | undefined;
  const close = async (): Promise<void> => {
    await browser?.close();
    await stop(server);
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await healthy(base);
    const executablePath = need(browserPath(), 'Chromium');
    browser = await chromium.launch({ executablePath, headless: true, args: CHROMIUM });
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    const url = `${base}/?folder=${encodeURIComponent(folder)}`;
    await page.goto(url);
    await page.locator('.monaco-workbench').waitFor();
    return {
      page,
      folder,
      close,
      open: async (name) => {
        await page.getByRole('treeitem', { name }).dblclick();
        await page.locator('.tab.active', { hasText: name }).waitFor();
        await page.locator('.monaco-editor .view-lines').first().waitFor();
      },
      screenshot: async (name) => {
        await page.screenshot({ path: join(ROOT, 'test/output/editor', `${name}.png`) });
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
