import { contentLimits } from './limits.ts';
import { cut } from './text/safe-text.ts';

/** Characters of text looked at: what matters stands early, and the rest may be a megabyte. */
const lengthRead = 20_000;

/** What newsletters pad their preview line with, and marks that show nothing. Joiners inside words and emoji stay. */
const invisible =
  /\u034f|[\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0]|(?<![\p{L}\p{M}\p{Extended_Pictographic}])(?:\u200c|\u200d)|(?:\u200c|\u200d)(?![\p{L}\p{M}\p{Extended_Pictographic}])/gu;
const rule = /[-_=*~#+.·•—–]{4,}/g;
const placeholder = /\[(?:cid|image|logo|http)[^\]\s]{0,300}\]/gi;

/** "On …, … wrote:" in the languages of common clients; may run over two lines. */
const attribution =
  /^(?:>\s*)*(?:On|Am|Le|El|Il|Op|Den|Em|Dnia|W dniu|Po|V|På|Pe|Vào|Στις)\s.{5,300}\s(?:wrote|schrieb(?:\s.{1,120})?|a écrit|escribió|ha scritto|schreef(?:\s.{1,120})?|skrev(?:\s.{1,120})?|escreveu|napisał(?:\(a\)|a)?(?:\s.{1,120})?|napsal(?:a|\(a\))?|a scris|đã viết|έγραψε)\s?[:：]$/su;
const original =
  /^-{2,}\s?(?:Original Message|Ursprüngliche Nachricht|Original-Nachricht|Message d'origine|Mensaje original|Messaggio originale|Oorspronkelijk bericht|Forwarded message|Weitergeleitete Nachricht)\s?-{2,}/i;

/**
 * The first `contentLimits.snippetLength` characters of what a mail says, on one line: without quotes, attribution lines and signature
 * (unless there is nothing else), padding and rules.
 */
export function makeSnippet(text: string): string {
  const start = cut(text, lengthRead);
  return ownWords(start) || fold(start.replace(/^[> \t]+/gm, ''));
}

/** Folding costs more than reading, and most mails say enough in their first lines: it is tried after so many characters, then after more. */
const firstFold = 3 * contentLimits.snippetLength;

function ownWords(text: string): string {
  const kept: string[] = [];
  let length = 0;
  let nextFold = firstFold;
  const lines = text.split('\n');
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index]?.trimEnd() ?? '';
    if (line === '--' || original.test(line)) break;
    if (line.startsWith('>')) continue;
    const trimmed = line.trim();
    if (attribution.test(trimmed)) continue;
    if (attribution.test(`${trimmed} ${lines[index + 1]?.trim() ?? ''}`)) {
      index++;
      continue;
    }
    kept.push(line);
    length += line.length;
    if (length < nextFold) continue;
    const folded = fold(kept.join('\n'));
    // One less: the last may have been a blank, or half of a pair.
    if (folded.length >= contentLimits.snippetLength - 1) return folded;
    nextFold *= 4;
  }
  return fold(kept.join('\n'));
}

function fold(text: string): string {
  const folded = text
    .replace(invisible, '')
    .replace(placeholder, ' ')
    .replace(rule, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
  return cut(folded, contentLimits.snippetLength).trimEnd();
}
