import type { Address } from '#api/views.ts';

const separators = new Set([',', ';', '\n', '\t']);

/** Cuts a list of addresses at commas, semicolons and line ends, but not within quotes or angle brackets. */
function cut(text: string): string[] {
  const parts: string[] = [];
  let part = '';
  let isQuoted = false;
  let isAngled = false;
  for (const letter of text) {
    if (letter === '"') isQuoted = !isQuoted;
    if (!isQuoted && letter === '<') isAngled = true;
    if (!isQuoted && letter === '>') isAngled = false;
    if (separators.has(letter) && !isQuoted && !isAngled) {
      parts.push(part);
      part = '';
    } else part += letter;
  }
  return [...parts, part].map((each) => each.trim()).filter((each) => each !== '');
}

function one(text: string): Address {
  const open = text.lastIndexOf('<');
  if (open === -1 || !text.endsWith('>')) return { name: '', address: text.replace(/^mailto:/i, '') };
  const name = text
    .slice(0, open)
    .trim()
    .replace(/^"(.*)"$/s, '$1')
    .replaceAll('\\"', '"');
  return { name, address: text.slice(open + 1, -1).trim() };
}

/** Reads what somebody typed or pasted: `Ann <ann@x.org>, bob@y.org; …`. What is no address comes out as typed. */
export function readAddresses(text: string): Address[] {
  return cut(text).map(one);
}

const longestAddress = 254;
const longestLocal = 64;

/** Whether an address is complete enough to send to; the server has the last word (RFC 5321 §4.5.3.1). */
export function isCompleteAddress(address: string): boolean {
  if (address.length > longestAddress || /[\s<>()[\]\\,;:"]/.test(address)) return false;
  const at = address.lastIndexOf('@');
  if (at < 1 || at > longestLocal) return false;
  const labels = address.slice(at + 1).split('.');
  return (
    labels.length > 1 && labels.every((label) => /^[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?$/u.test(label))
  );
}
