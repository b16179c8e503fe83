/**
 * Undoes base64 (RFC 2045 §6.8) piece by piece, for what is too large to be held at once. Units that end in padding may follow one
 * another; the letters of base64url count, whatever else is no base64 is passed over.
 */
export async function* decodeBase64Stream(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let rest = '';
  for await (const piece of pieces) {
    const latin1 = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString('latin1');
    const units = (rest + latin1.replace(/[^A-Za-z0-9+/=_-]+/g, '')).split(/=+/);
    const last = units.pop() ?? '';
    for (const unit of units) yield Buffer.from(unit, 'base64');
    const whole = last.length - (last.length % 4);
    yield Buffer.from(last.slice(0, whole), 'base64');
    rest = last.slice(whole);
  }
  yield Buffer.from(rest, 'base64');
}
