/**
 * Joins the lines that format=flowed broke (RFC 3676 §4): a line ending in a blank runs on in the next of the same quote depth;
 * `deletesSpace` is the DelSp parameter. Quote marks are kept, as "> " before each joined line.
 */
export function unflow(text: string, deletesSpace: boolean): string {
  const joined: string[] = [];
  let open: { depth: number; pieces: string[] } | null = null;
  const close = () => {
    if (open) joined.push(prefix(open.depth) + open.pieces.join(''));
    open = null;
  };
  for (const line of text.split('\n')) {
    const depth = /^>*/.exec(line)?.[0].length ?? 0;
    const unquoted = line.slice(depth);
    const content = unquoted.startsWith(' ') ? unquoted.slice(1) : unquoted;
    if (open !== null && open.depth !== depth) close();
    // The signature's separator ends in a blank and is no flowed line (§4.3).
    const isFlowed = content.endsWith(' ') && content !== '-- ';
    if (content === '-- ') close();
    open ??= { depth, pieces: [] };
    open.pieces.push(isFlowed && deletesSpace ? content.slice(0, -1) : content);
    if (!isFlowed) close();
  }
  close();
  return joined.join('\n');
}

function prefix(depth: number): string {
  return depth === 0 ? '' : `${'>'.repeat(depth)} `;
}
