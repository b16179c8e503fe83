import { Readable } from 'node:stream';
import { memberRequest, problemResponse } from '#api/member-request.ts';
import { attachmentOrFetch } from '#mail/ask.ts';
import { MailProblem } from '#mail/problem.ts';
import { contentDisposition, inlineType } from '#platform/http/attachment-headers.ts';

const position = /^\d{1,5}$/;
const uuid = /^[0-9a-f-]{36}$/;

/** An attachment's bytes. Downloaded, never shown in the page's origin; only plain images may stand in a mail. */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ accountId: string; emailId: string; position: string }> },
): Promise<Response> {
  const wanted = await params;
  const member = await memberRequest(wanted.accountId);
  if ('refusal' in member) return member.refusal;
  if (!position.test(wanted.position) || !uuid.test(wanted.emailId)) return problemResponse(404, 'not_found');
  const { context } = member;
  try {
    const file = await attachmentOrFetch(context, wanted.accountId, wanted.emailId, Number(wanted.position));
    const opened = await context.blobs.open(wanted.accountId, file.hash);
    if (opened === null) return problemResponse(404, 'could_not_fetch');
    const image = new URL(request.url).searchParams.get('inline') === '1' ? inlineType(file.mediaType) : null;
    return new Response(Readable.toWeb(Readable.from(opened.stream)) as ReadableStream<Uint8Array>, {
      headers: {
        'Content-Type': image ?? 'application/octet-stream',
        'Content-Length': String(opened.size),
        'Content-Disposition': contentDisposition(image === null ? 'attachment' : 'inline', file.filename),
        'Content-Security-Policy': "default-src 'none'; sandbox",
        'X-Content-Type-Options': 'nosniff',
        'Cross-Origin-Resource-Policy': 'same-origin',
        // No cache keeps a mail's pictures for whoever sits down next; the proxy sees to it for all of /api/.
        'Cache-Control': 'private, no-store',
      },
    });
  } catch (error) {
    if (!(error instanceof MailProblem)) throw error;
    return problemResponse(error.code === 'email_gone' ? 404 : 502, error.code, error.detail);
  }
}
