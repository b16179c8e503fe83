/**
 * Words before the colon of a reply or forward, in the languages whose clients translate them. Single letters (Italian "R:" and "I:")
 * are left out: too many subjects begin so.
 */
const leaders = [
  're',
  'fw',
  'fwd',
  'aw',
  'wg',
  'antw',
  'antwort',
  'ant',
  'sv',
  'vs',
  'vl',
  'vb',
  'doorst',
  'tr',
  'rif',
  'inoltra',
  'rv',
  'res',
  'enc',
  'odp',
  'pd',
  'ynt',
  'ilt',
  'i̇lt',
  'vá',
  'továbbítás',
  'vast',
  'blc',
  'bls',
  'trs',
  'ΑΠ',
  'ΣΧΕΤ',
  'ΠΡΘ',
  'отв',
  'ответ',
  'пересл',
  '回复',
  '答复',
  '转发',
  '回覆',
  '回信',
  '轉寄',
  '返信',
  '転送',
  '전달',
  '회신',
];

/** Also "RE[2]:", "Re^2:", "Re (3):" and the wide colon; a tag may stand before the colon (RFC 5256 §5, subj-refwd). */
const leader = new RegExp(
  `^(?:${leaders.join('|')})\\s*(?:\\[\\d{1,5}\\]|\\^\\d{1,5}|\\(\\d{1,5}\\))?\\s*(\\[[^\\[\\]]{1,100}\\])?\\s*[:：]`,
  'iu',
);
const tag = /^\[([^[\]]{1,100})\]/u;
const trailer = /\(fwd\)$/i;
const forwardWrapper = /^\[fwd?:(.*)\]$/i;
/** Tags a gateway puts before mail from outside: they say nothing of what it is about. */
const gatewayTag = /^(?:ext|external|extern|externe|externo|esterno|external email|caution)$/i;

interface ReadSubject {
  base: string;
  isReply: boolean;
}

/**
 * The subject without what replying and forwarding add (RFC 5256 §2.1), in its own letter case: compare without regard to case.
 * Against the RFC's step 4 a leading tag ("[list]", "[TICKET-7]") is kept, once: two tickets of one title are not one thread, and a wrong
 * merge is worse than a missed one. "[list] Re: x" and "Re: [list] x" have one base, "[list] x". A subject of leaders only has the base "".
 */
export function baseSubject(subject: string): string {
  return readSubject(subject).base;
}

/** Whether the subject carries the mark of a reply or a forward (RFC 5256 §2.1 treats both alike). */
export function isReplySubject(subject: string): boolean {
  return readSubject(subject).isReply;
}

function readSubject(subject: string): ReadSubject {
  let rest = subject.slice(0, 4_000).replace(/\s+/gu, ' ').trim();
  let isReply = false;
  const tags: string[] = [];
  // Each turn takes something off, so the length bounds the turns.
  for (;;) {
    const before = rest;
    if (trailer.test(rest)) {
      rest = rest.replace(trailer, '').trim();
      isReply = true;
    }
    const wrapped = forwardWrapper.exec(rest);
    if (wrapped) {
      rest = (wrapped[1] ?? '').trim();
      isReply = true;
    }
    const led = leader.exec(rest);
    if (led) {
      rest = rest.slice(led[0].length).trim();
      isReply = true;
      if (led[1]) addTag(tags, led[1]);
    }
    const tagged = tag.exec(rest);
    if (tagged && !forwardWrapper.test(rest)) {
      const after = rest.slice(tagged[0].length).trim();
      // A subject that is nothing but its tag has the tag for its base.
      if (after !== '') {
        addTag(tags, tagged[0]);
        rest = after;
      }
    }
    if (rest === before) break;
  }
  return { base: [...tags, rest].filter((piece) => piece !== '').join(' '), isReply };
}

function addTag(tags: string[], bracketed: string): void {
  if (gatewayTag.test(bracketed.slice(1, -1).trim())) return;
  if (!tags.some((known) => known.toLowerCase() === bracketed.toLowerCase())) tags.push(bracketed);
}
