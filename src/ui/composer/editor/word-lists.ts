const itemClass = /(?:^|\s)MsoListParagraph/;
/** What Word writes where a browser would draw the bullet: a sign, or a number or letter with its point or bracket. */
const bullet =
  /^[\s\u00a0]*(?:[·•o§\-–—▪■●◦\uf0a7\uf0b7\uf0d8\uf0fc]|\(?(?:\d{1,3}|[a-z]{1,4})[.)])[\s\u00a0]+/i;
const pointsOfLevel = 36;

function levelOf(item: HTMLElement): number {
  const stated = /level(\d)/.exec(item.getAttribute('style') ?? '')?.[1];
  if (stated !== undefined) return Number(stated);
  const margin = /^([\d.]+)(pt|in|cm|px)$/.exec(item.style.marginLeft);
  if (margin === null) return 1;
  const points = { pt: 1, in: 72, cm: 28.35, px: 0.75 }[margin[2] ?? 'pt'] ?? 1;
  return Math.max(1, Math.round((Number(margin[1]) * points) / pointsOfLevel));
}

/** Takes the drawn bullet off an item, and says what it was. */
function takeBullet(item: HTMLElement): string {
  const found = bullet.exec(item.textContent ?? '')?.[0] ?? '';
  let left = found.length;
  const walker = item.ownerDocument.createTreeWalker(item, NodeFilter.SHOW_TEXT);
  while (left > 0 && walker.nextNode()) {
    const text = walker.currentNode;
    const words = text.nodeValue ?? '';
    text.nodeValue = words.slice(left);
    left -= Math.min(left, words.length);
  }
  return found.trim();
}

function isItem(node: Node | null): node is HTMLElement {
  return node !== null && node.nodeType === 1 && itemClass.test((node as Element).className);
}

function nextElement(node: Node): Node | null {
  let next = node.nextSibling;
  while (next !== null && next.nodeType === 3 && (next.nodeValue ?? '').trim() === '')
    next = next.nextSibling;
  return next;
}

function runFrom(first: HTMLElement): HTMLElement[] {
  const run = [first];
  let next = nextElement(first);
  while (isItem(next)) {
    run.push(next);
    next = nextElement(next);
  }
  return run;
}

function toList(run: readonly HTMLElement[]): void {
  const document = run[0]?.ownerDocument;
  if (document === undefined) return;
  const open: { list: HTMLElement; level: number }[] = [];
  for (const item of run) {
    const level = levelOf(item);
    const isNumbered = /[\da-z][.)]$/i.test(takeBullet(item));
    while (open.length > 1 && (open.at(-1)?.level ?? 0) > level) open.pop();
    const top = open.at(-1);
    if (top === undefined || top.level < level) {
      const list = document.createElement(isNumbered ? 'ol' : 'ul');
      if (top === undefined) item.before(list);
      else (top.list.lastElementChild ?? top.list).append(list);
      open.push({ list, level });
    }
    const line = document.createElement('li');
    line.append(...item.childNodes);
    open.at(-1)?.list.append(line);
    item.remove();
  }
}

/** Word draws its lists as paragraphs with bullets of text; this makes them the lists that they look like. */
export function makeWordLists(root: ParentNode): void {
  for (const item of root.querySelectorAll<HTMLElement>('[class*="MsoListParagraph"]')) {
    if (item.parentNode !== null && isItem(item)) toList(runFrom(item));
  }
}
