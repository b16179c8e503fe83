import { attachmentBytes } from '#api/attachment-bytes.ts';
import { memberRequest, problemResponse } from '#api/member-request.ts';
import { attachmentsOfDraft } from '#mail/drafts/reading.ts';
import { MailProblem } from '#mail/problem.ts';
import { contentDisposition, inlineType } from '#platform/http/attachment-headers.ts';

const uuid = /^[0-9a-f-]{36}$/;

type Place = { accountId: string; draftId: string; attachmentId: string };

/** The bytes of a file on a draft: its pictures are seen while it is written. */
export async function GET(_request: Request, { params }: { params: Promise<Place> }): Promise<Response> {
  const { accountId, draftId, attachmentId } = await params;
  const member = await memberRequest(accountId);
  if ('refusal' in member) return member.refusal;
  if (!uuid.test(draftId)) return problemResponse(404, 'not_found');
  const { context } = member;
  const files = await attachmentsOfDraft(context.db, accountId, draftId);
  const file = files.find(({ id }) => id === attachmentId);
  if (file === undefined) return problemResponse(404, 'not_found');
  try {
    const bytes = await attachmentBytes(context)(accountId, file);
    const image = inlineType(file.mediaType);
    return new Response(new Uint8Array(bytes), {
      headers: {
        'Content-Type': image ?? 'application/octet-stream',
        'Content-Disposition': contentDisposition(image === null ? 'attachment' : 'inline', file.filename),
        'Content-Security-Policy': "default-src 'none'; sandbox",
        'X-Content-Type-Options': 'nosniff',
        'Cross-Origin-Resource-Policy': 'same-origin',
        'Cache-Control': 'private, no-store',
      },
    });
  } catch (error) {
    if (!(error instanceof MailProblem)) throw error;
    return problemResponse(502, error.code, error.detail);
  }
}
