/**
 * Building elements. Text only ever becomes a text node: the bytes come from mails, and no string is
 * parsed as markup anywhere in this view.
 */
export type Attributes = Readonly<Record<string, string | boolean | undefined>>;
export type Child = Node | string | undefined;

/** An element with attributes (false and undefined are left out, true is empty) and children. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    node.setAttribute(name, value === true ? '' : value);
  }
  for (const child of children) if (child !== undefined) node.append(child);
  return node;
}

/** A button with a visible text. */
export function button(
  text: string,
  attributes: Attributes,
  onClick: () => void,
): HTMLButtonElement {
  const node = el('button', { type: 'button', ...attributes }, text);
  node.addEventListener('click', onClick);
  return node;
}

/** Calls back on a click, without making the element a stop of the tab key: its row is one already. */
export function onClick<E extends HTMLElement>(node: E, call: () => void): E {
  node.addEventListener('click', (event) => {
    event.stopPropagation();
    call();
  });
  return node;
}

/** Element of this id; the page is ours, so a missing one is our mistake. */
export function byId(id: string): HTMLElement {
  const node = document.getElementById(id);
  if (!node) throw new Error(`no element #${id}`);
  return node;
}
