/** The trace view alone in a browser: its real page, script and style sheet behind its real content policy. */
import { createServer } from 'node:http';
import { join } from 'node:path';
import { build } from 'esbuild';
import { type Browser, type Page, chromium } from 'playwright-core';
import { tracePage } from '../../client/trace-html.js';
import type { ToView } from '../../shared/protocol.js';
import { ROOT, browser as browserPath } from '../support/tools.mjs';
import { type Theme, themeCss } from './themes.js';

export interface TracePages {
  /** A page with a theme; `stored` is the state that VS Code kept from before. */
  readonly open: (theme: Theme, stored?: unknown) => Promise<TracePage>;
  readonly close: () => Promise<void>;
}

export interface TracePage {
  readonly page: Page;
  readonly post: (message: ToView) => Promise<void>;
  /** Messages of the view so far. */
  readonly sent: () => Promise<readonly unknown[]>;
  readonly stored: () => Promise<unknown>;
  /** What the content policy refused. */
  readonly refused: () => Promise<readonly string[]>;
  /** Text of the selected row's label. */
  readonly selected: () => Promise<string | null>;
}

/** Runs in the page before its script: the host's side of the door. */
function hostSide(stored: string): void {
  const box = {
    sent: [] as unknown[],
    state: JSON.parse(stored) as unknown,
    refused: [] as string[],
  };
  document.addEventListener('securitypolicyviolation', (e) =>
    box.refused.push(e.violatedDirective),
  );
  Object.assign(window, {
    box,
    acquireVsCodeApi: () => ({
      postMessage: (message: unknown) => box.sent.push(message),
      getState: () => box.state,
      setState: (state: unknown) => {
        box.state = state;
      },
    }),
  });
}

async function bundle(entry: string): Promise<string> {
  const options = { bundle: true, write: false, format: 'iife', target: 'es2022' } as const;
  const result = await build({ ...options, entryPoints: [join(ROOT, entry)] });
  return result.outputFiles[0]?.text ?? '';
}

function pageFor(theme: Theme): string {
  const parts = {
    nonce: 'abc123',
    styleSource: "'self'",
    script: '/trace.js',
    style: '/trace.css',
  };
  return tracePage(parts)
    .replace('</head>', `<link rel="stylesheet" href="/${theme.kind}.css"></head>`)
    .replace('<body>', `<body class="${theme.kind}">`);
}

function held(page: Page): TracePage {
  const read = <T>(name: string): Promise<T> =>
    page.evaluate(
      (key) => (Reflect.get(window, 'box') as Record<string, unknown>)[key],
      name,
    ) as Promise<T>;
  return {
    page,
    post: (message) =>
      page.evaluate((m) => {
        window.postMessage(m, '*');
      }, message),
    sent: () => read('sent'),
    stored: () => read('state'),
    refused: () => read('refused'),
    selected: () => page.locator('[role=treeitem][aria-selected=true]').getAttribute('aria-label'),
  };
}

export async function startTracePages(themes: readonly Theme[]): Promise<TracePages> {
  const files = new Map<string, readonly [string, string]>([
    ['/trace.js', ['text/javascript', await bundle('media/trace/main.ts')]],
    ['/trace.css', ['text/css', await bundle('media/trace/trace.css')]],
  ]);
  for (const theme of themes) {
    files.set(`/${theme.kind}`, ['text/html', pageFor(theme)]);
    files.set(`/${theme.kind}.css`, ['text/css', themeCss(theme)]);
  }
  const server = createServer((request, response) => {
    const [type, body] = files.get(request.url ?? '') ?? ['text/plain', ''];
    response.setHeader('Content-Type', `${type}; charset=utf-8`).end(body);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const executablePath = browserPath();
  if (executablePath === undefined) throw new Error('no browser: npm run setup');
  const browser: Browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu'],
  });
  return {
    open: async (theme, stored) => {
      const page = await browser.newPage({ viewport: { width: 1100, height: 800 } });
      await page.addInitScript(hostSide, JSON.stringify(stored ?? null));
      await page.goto(`http://127.0.0.1:${address.port}/${theme.kind}`);
      return held(page);
    },
    close: async () => {
      await browser.close();
      await new Promise((closed) => server.close(closed));
    },
  };
}
