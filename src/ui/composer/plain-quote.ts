export interface SplitText {
  /** What was written. */
  own: string;
  /** What is quoted whole below it, with the line that says whose words they are; '' where there is none. */
  quote: string;
}

const forwardMark = /^-{6,} ?Forwarded message ?-{6,}$/m;

/** Cuts a plain text before what it quotes whole at its end. Both parts together are the text. */
export function splitQuote(text: string): SplitText {
  const at = text.search(forwardMark);
  const start = at === -1 ? startOfReply(text) : at;
  return start === -1 ? { own: text, quote: '' } : { own: text.slice(0, start), quote: text.slice(start) };
}

function startOfReply(text: string): number {
  const lines = text.split('\n');
  let end = lines.length;
  while (end > 0 && lines[end - 1]?.trim() === '') end -= 1;
  let first = end;
  while (first > 0 && (lines[first - 1]?.startsWith('>') || lines[first - 1]?.trim() === '')) first -= 1;
  while (first < end && !lines[first]?.startsWith('>')) first += 1;
  if (first === end || first === 0) return -1;
  let head = first - 1;
  while (head > 0 && lines[head]?.trim() === '') head -= 1;
  if (!/[::]\s*$/u.test(lines[head] ?? '')) return -1;
  return lines.slice(0, head).reduce((sum, line) => sum + line.length + 1, 0);
}
