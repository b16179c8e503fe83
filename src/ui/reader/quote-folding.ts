export interface TextBlock {
  kind: 'own' | 'quoted';
  text: string;
}

const isQuote = (line: string) => line.startsWith('>');

/** "On … wrote:" and its like: a short last line before a quote that ends in a colon. */
function isAttribution(line: string): boolean {
  return line.length < 240 && /[::]\s*$/u.test(line);
}

function startOfAttribution(lines: readonly string[], quote: number): number {
  let index = quote - 1;
  while (index >= 0 && lines[index]?.trim() === '') index -= 1;
  if (index < 0 || !isAttribution(lines[index] ?? '')) return quote;
  // Long attributions are wrapped: it may begin a line earlier.
  const before = lines[index - 1];
  return before !== undefined && /^\s*\S.{0,6}\d/u.test(before) && !before.trim().endsWith('.')
    ? index - 1
    : index;
}

/**
 * Plain text in blocks: what was written, and runs of quoted lines (`>`; RFC 3676 §4.5) with the line that says whose
 * they are. A quote of fewer than three lines between one's own is an answer in place, and stays as it is.
 */
export function foldQuotes(text: string): TextBlock[] {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  const blocks: TextBlock[] = [];
  let own: string[] = [];
  let index = 0;
  while (index < lines.length) {
    let end = index;
    while (
      end < lines.length &&
      (isQuote(lines[end] ?? '') || (lines[end]?.trim() === '' && isQuote(lines[end + 1] ?? '')))
    ) {
      end += 1;
    }
    const isFolded =
      end - index >= 3 || (end > index && lines.slice(end).every((line) => line.trim() === ''));
    if (!isFolded) {
      const next = Math.max(end, index + 1);
      own.push(...lines.slice(index, next));
      index = next;
      continue;
    }
    const whole = [...own, ...lines.slice(index, end)];
    const start = startOfAttribution(whole, own.length);
    pushBlock(blocks, 'own', whole.slice(0, start));
    pushBlock(blocks, 'quoted', whole.slice(start));
    own = [];
    index = end;
  }
  pushBlock(blocks, 'own', own);
  return blocks;
}

function pushBlock(blocks: TextBlock[], kind: TextBlock['kind'], lines: readonly string[]): void {
  const text = lines.join('\n').replace(/^\n+/, '').trimEnd();
  if (text !== '') blocks.push({ kind, text });
}
