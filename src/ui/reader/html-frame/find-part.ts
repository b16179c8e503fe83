import type { EmailView } from '#api/views.ts';
import type { FindPart } from './sanitise.ts';

function bare(contentId: string): string {
  return contentId.trim().replace(/^<|>$/g, '').toLowerCase();
}

function decoded(contentId: string): string {
  try {
    return decodeURIComponent(contentId);
  } catch {
    return contentId;
  }
}

/** Finds the parts of one mail by their Content-ID (RFC 2392), and no part of any other. */
export function partFinder({ accountId, id, attachments }: EmailView): FindPart {
  const positions = new Map(
    attachments.flatMap(({ contentId, position }) =>
      contentId === null ? [] : [[bare(contentId), position] as const],
    ),
  );
  return (contentId) => {
    const position = positions.get(bare(contentId)) ?? positions.get(bare(decoded(contentId)));
    if (position === undefined) return null;
    return `/api/attachments/${encodeURIComponent(accountId)}/${encodeURIComponent(id)}/${position}?inline=1`;
  };
}
