import type { DraftContent } from '../draft-content.ts';
import { splitQuote } from '../plain-quote.ts';
import { hasOwnPicture } from './own-pictures.ts';

export type Warning = 'attachment' | 'subject' | 'empty' | 'big';

/** How people say that a file is with the mail, in the languages most written; beginnings of words are enough. */
const attachedWords = [
  /\b(?:attach(?:ed|ing|ment|ments)?|enclosed|see the (?:file|enclosure))\b/,
  /\b(?:angehängt|im anhang|anhang|anbei|beigefügt|beiliegend|hängt an|anlagen?\b)/,
  /(?:ci-joint|pi[eè]ces? jointes?|en pj\b|vous trouverez joint)/,
  /\b(?:adjunt|anexo|anexad|em anexo|allegat|in allegato)/,
  /\b(?:bijlage|bijgevoegd|bijgesloten|bifoga|bilaga|bilagt|vedlagt|vedlegg|vedhæft|vedhæftet)/,
  /\b(?:liitteen|liitetiedosto|ohessa|csatol|melléklet|ata[sșş]at|manusat)/,
  /\b(?:załącz|w załączeniu|příloh|přiložen|prílo[hz]|u prilogu|priložen|priloga)/,
  /(?:вложен|прикреп|прилага|приложен|вкладен|долуча|додан[оеу] файл|συνημμέν|επισυνάπτ)/,
  /(?:\bekte\b|\bekli\b|ekteki|ekledim|terlampir|lampiran|đính kèm|แนบ|संलग्न)/,
  /(?:添付|附件|附上|첨부|مرفق|أرفق|پیوست|מצורף|מצורפת|מצ"ב)/,
];

const mega = 1024 * 1024;
/** Many servers take no more than 25 MB, and files grow by a third on their way. */
export const bigSize = 18 * mega;

/** What somebody wrote, without what is quoted and without the signature. */
function ownWords(text: string): string {
  const own = splitQuote(text).own.split(/^-- $/m)[0] ?? '';
  return own
    .split('\n')
    .filter((line) => !line.startsWith('>'))
    .join('\n')
    .toLowerCase();
}

export function saysAttached(text: string): boolean {
  const words = ownWords(text);
  return attachedWords.some((pattern) => pattern.test(words));
}

/** What a person may have forgotten; each is asked about once before the message is sent. */
export function warningsOf(
  content: Pick<DraftContent, 'subject' | 'text' | 'html'>,
  files: { count: number; size: number },
): Warning[] {
  const hasPicture = content.html !== null && hasOwnPicture(content.html);
  const isEmpty = content.text.trim() === '' && !hasPicture && files.count === 0;
  const isForgotten = files.count === 0 && !hasPicture && saysAttached(`${content.subject}\n${content.text}`);
  return [
    ...(content.subject.trim() === '' ? ['subject' as const] : []),
    ...(isEmpty ? ['empty' as const] : []),
    ...(isForgotten ? ['attachment' as const] : []),
    ...(files.size > bigSize ? ['big' as const] : []),
  ];
}
