/** RFC 3676 §4.2: a line is best no longer than this, its quote marks counted. */
const width = 76;

/**
 * Breaks the long lines of a text for format=flowed (RFC 3676), so that it reads well where lines are shown as they are
 * and runs on where they are joined. The reading side's `unflow` gives the same lines back.
 */
export function flow(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map(flowLine)
    .join('\n');
}

function flowLine(line: string): string {
  // The signature's separator ends in a blank and is no flowed line (§4.3).
  if (line === '-- ') return line;
  const marks = /^(?:> ?)*>/.exec(line)?.[0] ?? '';
  const depth = marks.replaceAll(' ', '').length;
  const quoted = line.slice(marks.length);
  // A blank at a line's end would say that the next one belongs to it.
  const content = (depth > 0 && quoted.startsWith(' ') ? quoted.slice(1) : quoted).trimEnd();
  const prefix = depth === 0 ? '' : `${'>'.repeat(depth)} `;
  return pieces(content, width - prefix.length)
    .map((piece) =>
      (depth === 0 && /^(?: |>|From )/.test(piece) ? ` ${piece}` : `${prefix}${piece}`).replace(
        /^(>+) $/,
        '$1',
      ),
    )
    .join('\n');
}

/** The line cut behind blanks, each piece but the last ending in one; a word longer than the width stays whole. */
function pieces(line: string, longest: number): string[] {
  const cut: string[] = [];
  let rest = line;
  while (rest.length > longest) {
    const before = rest.lastIndexOf(' ', longest - 1);
    const at = before > 0 ? before : rest.indexOf(' ', longest);
    if (at <= 0) break;
    const end = at + (/^ +/.exec(rest.slice(at))?.[0].length ?? 1);
    if (end >= rest.length) break;
    cut.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return [...cut, rest];
}
