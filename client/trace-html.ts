/**
 * The page of the trace view. No data in it: everything shown arrives by message, so no byte of a
 * mail ever stands in markup. Pure, shared with the tests.
 */
export interface PageParts {
  /** Fresh random text, letters and digits only. */
  readonly nonce: string;
  /** What the host allows as source of style sheets. */
  readonly styleSource: string;
  readonly script: string;
  readonly style: string;
}

/** Scripts by nonce only, style sheets by link only, no images, fonts or connections at all. */
function contentPolicy(parts: Pick<PageParts, 'nonce' | 'styleSource'>): string {
  return `default-src 'none'; script-src 'nonce-${parts.nonce}'; style-src ${parts.styleSource}; base-uri 'none'; form-action 'none'`;
}

export function tracePage(parts: PageParts): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy(parts)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${parts.style}">
<title>Trace</title>
</head>
<body>
<main>
<header id="head"></header>
<p id="status" role="status"></p>
<div id="panes" class="panes">
<div id="rows"></div>
<aside id="details" aria-label="Details of the selected step"></aside>
</div>
<div id="live" class="for-readers" role="status" aria-live="polite"></div>
</main>
<script nonce="${parts.nonce}" src="${parts.script}"></script>
</body>
</html>
`;
}
