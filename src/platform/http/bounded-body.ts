/** Why a request's body was not taken: more bytes than it may have, or others than it said it has. */
export type BodyRefusal = 'too_large' | 'incomplete';

/**
 * A request's whole body, or why it is none. What is too long is not kept, and no body is taken for whole that has
 * another length than its Content-Length says: whatever stands before this process may have cut it.
 */
export async function readBounded(
  request: Pick<Request, 'headers' | 'body'>,
  limit: number,
): Promise<{ bytes: Buffer } | { refusal: BodyRefusal }> {
  const header = request.headers.get('content-length');
  const announced = header === null ? null : Number(header);
  if (announced !== null && announced > limit) return { refusal: 'too_large' };
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of request.body ?? []) {
    total += chunk.length;
    if (total > limit) return { refusal: 'too_large' };
    chunks.push(chunk);
  }
  if (announced !== null && announced !== total) return { refusal: 'incomplete' };
  return { bytes: Buffer.concat(chunks, total) };
}
