import { contentLimits } from '../limits.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this removes
const neverInMessageId = /[\s\u0000-\u001f\u007f-\u009f<>]/g;

/** Message-ids of Message-ID, In-Reply-To or References (RFC 5322 §3.6.4) in order, without brackets, each once. */
export function readMessageIds(fieldText: string): string[] {
  const bracketed = [...fieldText.matchAll(/<([^<>]*)>?/g)].map((match) => match[1] ?? '');
  // Without brackets only what looks like an id counts: In-Reply-To once held prose.
  const candidates =
    bracketed.length > 0 ? bracketed : fieldText.split(/[\s,]+/).filter((word) => word.includes('@'));
  const ids = new Set<string>();
  for (const candidate of candidates) {
    const id = candidate.replace(neverInMessageId, '').toWellFormed().slice(0, contentLimits.messageIdLength);
    if (id !== '') ids.add(id);
  }
  return boundReferences([...ids]);
}

/** The mail's own id: unlike a reference it is taken as it stands when it has neither brackets nor an @. */
export function readMessageId(fieldText: string): string | null {
  const [id] = readMessageIds(fieldText);
  if (id !== undefined) return id;
  const bare = fieldText.replace(neverInMessageId, '').toWellFormed().slice(0, contentLimits.messageIdLength);
  return bare === '' ? null : bare;
}

/** The first names the thread's root, the last the mails next to this one: what is left out stands between. */
function boundReferences(ids: string[]): string[] {
  if (ids.length <= contentLimits.references) return ids;
  return [...ids.slice(0, 1), ...ids.slice(1 - contentLimits.references)];
}
