import { describe, expect, it } from 'vitest';
import { readBounded } from './bounded-body.ts';

function request(chunks: readonly string[], contentLength?: string) {
  return {
    headers: new Headers(contentLength === undefined ? {} : { 'content-length': contentLength }),
    body: new Blob([...chunks]).stream(),
  };
}

describe('a bounded body', () => {
  it('is taken whole, with its length announced or not', async () => {
    expect(await readBounded(request(['ab', 'cd'], '4'), 4)).toEqual({ bytes: Buffer.from('abcd') });
    expect(await readBounded(request(['ab', 'cd']), 4)).toEqual({ bytes: Buffer.from('abcd') });
    expect(await readBounded({ headers: new Headers(), body: null }, 4)).toEqual({ bytes: Buffer.alloc(0) });
  });

  it('is refused one byte over the limit, with its length announced or not', async () => {
    expect(await readBounded(request(['abc', 'de']), 4)).toEqual({ refusal: 'too_large' });
    expect(await readBounded(request(['abc', 'de'], '5'), 4)).toEqual({ refusal: 'too_large' });
  });

  it('is refused where something on the way has cut it, or it says nothing of use', async () => {
    expect(await readBounded(request(['abc'], '4'), 4)).toEqual({ refusal: 'incomplete' });
    expect(await readBounded({ headers: new Headers({ 'content-length': '1' }), body: null }, 4)).toEqual({
      refusal: 'incomplete',
    });
    expect(await readBounded(request(['abc'], 'three'), 4)).toEqual({ refusal: 'incomplete' });
  });
});
