import { memberRequest, problemResponse } from '#api/member-request.ts';
import { safeFileName } from '#mail/content/mime/file-name.ts';
import { addDraftAttachment } from '#mail/outbox/drafts.ts';
import { MailProblem } from '#mail/problem.ts';
import { config } from '#platform/config.ts';
import { readBounded } from '#platform/http/bounded-body.ts';

const uuid = /^[0-9a-f-]{36}$/;
const mediaType = /^[\w.+-]{1,100}\/[\w.+-]{1,100}$/;

/** Adds a file to a draft: the raw bytes are the request's body, its name and type stand in the address. */
export async function POST(
  request: Request,
  { params }: { params: Promise<{ accountId: string; draftId: string }> },
): Promise<Response> {
  const { accountId, draftId } = await params;
  const { appUrl, ATTACHMENT_LIMIT } = config();
  // No other site can send this type without asking first, and we never say yes.
  if (
    request.headers.get('origin') !== appUrl ||
    request.headers.get('content-type') !== 'application/octet-stream'
  ) {
    return problemResponse(403, 'foreign_request');
  }
  const member = await memberRequest(accountId);
  if ('refusal' in member) return member.refusal;
  if (!uuid.test(draftId)) return problemResponse(404, 'not_found');
  const { searchParams } = new URL(request.url);
  const type = searchParams.get('type') ?? '';
  const bytes = await readBounded(request.body, ATTACHMENT_LIMIT);
  if (bytes === null) return problemResponse(413, 'attachment_too_large', String(ATTACHMENT_LIMIT));
  const { db, blobs } = member.context;
  try {
    const blobHash = await blobs.put(accountId, bytes);
    const row = await addDraftAttachment(db, accountId, draftId, {
      filename: safeFileName(searchParams.get('filename') ?? '') || 'attachment',
      mediaType: mediaType.test(type) ? type.toLowerCase() : 'application/octet-stream',
      size: bytes.length,
      blobHash,
    });
    const { id, filename, size } = row;
    return Response.json({ id, filename, mediaType: row.mediaType, size }, { status: 201 });
  } catch (error) {
    if (!(error instanceof MailProblem)) throw error;
    return problemResponse(404, error.code, error.detail);
  }
}
