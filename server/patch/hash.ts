/** 32-bit FNV-1a over UTF-16 units. */
function fnv(text: string, seed: number): number {
  let h = seed;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return h;
}

const hex = (n: number): string => n.toString(16).padStart(8, '0');

/** 16 hex digits that tell contents apart; no protection against somebody who wants two to be equal. */
export function contentHash(text: string): string {
  return hex(fnv(text, 0x811c9dc5)) + hex(fnv(text, 0x9747b28c));
}
