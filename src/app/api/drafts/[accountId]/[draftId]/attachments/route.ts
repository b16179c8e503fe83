import { tellBrowsers } from '#api/announce.ts';
import { memberRequest, problemResponse } from '#api/member-request.ts';
import { safeFileName } from '#mail/content/mime/file-name.ts';
import { addDraftAttachment } from '#mail/drafts/attachments.ts';
import { attachedView } from '#mail/drafts/reading.ts';
import { MailProblem } from '#mail/problem.ts';
import { config } from '#platform/config.ts';
import { readBounded } from '#platform/http/bounded-body.ts';
import { apiHeaders } from '#platform/http/security-headers.ts';

const uuid = /^[0-9a-f-]{36}$/;
const mediaType = /^[\w.+-]{1,100}\/[\w.+-]{1,100}$/;
const megabyte = 1024 * 1024;

type Place = { accountId: string; draftId: string };

/**
 * Adds a file to a draft: the raw bytes are the request's body, its name and type stand in the address, and with
 * `disposition=inline` it is a picture that the text shows under the Content-ID that the answer gives.
 * The proxy does not see this path, because whatever it sees of a body is cut; so the headers are put on here.
 */
export async function POST(request: Request, { params }: { params: Promise<Place> }): Promise<Response> {
  const response = await addAttachment(request, await params);
  const headers = apiHeaders({ isHttps: !config().isPlainHttp });
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
}

async function addAttachment(request: Request, { accountId, draftId }: Place): Promise<Response> {
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
  const body = await readBounded(request, ATTACHMENT_LIMIT);
  if ('refusal' in body) {
    return body.refusal === 'too_large'
      ? problemResponse(413, 'attachment_too_large', `${Math.floor(ATTACHMENT_LIMIT / megabyte)} MB`)
      : problemResponse(400, 'upload_incomplete');
  }
  const { bytes } = body;
  const { db, blobs } = member.context;
  try {
    const blobHash = await blobs.put(accountId, bytes);
    const attached = await addDraftAttachment(db, accountId, draftId, {
      filename: safeFileName(searchParams.get('filename') ?? '') || 'attachment',
      mediaType: mediaType.test(type) ? type.toLowerCase() : 'application/octet-stream',
      size: bytes.length,
      blobHash,
      disposition: searchParams.get('disposition') === 'inline' ? 'inline' : 'attachment',
    });
    await tellBrowsers(member.context, accountId);
    return Response.json(attachedView(attached), { status: 201 });
  } catch (error) {
    if (!(error instanceof MailProblem)) throw error;
    return problemResponse(404, error.code, error.detail);
  }
}
