// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this removes
const controlsButLineBreaks = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this removes
const controlsAndLineBreaks = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;

/** Text of many lines that Postgres accepts: no U+0000 or other control but tab and LF, no lone surrogate; CRLF and CR become LF. */
export function safeText(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(controlsButLineBreaks, '').toWellFormed();
}

/** Text of one line: controls and line breaks become a space, runs of spaces one, ends trimmed, cut at `maxLength` UTF-16 units. */
export function safeLine(text: string, maxLength: number): string {
  const folded = text
    .replace(controlsAndLineBreaks, ' ')
    .replace(/[ \t]{2,}/g, ' ')
    .trim();
  return cut(folded, maxLength).toWellFormed();
}

/** The first `maxLength` UTF-16 units, one fewer where that would halve a surrogate pair. */
export function cut(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const last = text.charCodeAt(maxLength - 1);
  const halvesPair = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, halvesPair ? maxLength - 1 : maxLength);
}
