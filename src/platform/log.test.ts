import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { createLog, redactedFields } from './log.ts';

it('a secret reaches no line, at whatever level it lies', () => {
  const lines: string[] = [];
  const destination = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const log = createLog('test', 'info', destination);
  for (const field of redactedFields) {
    const secret = `planted-${field}`;
    log.info(
      { [field]: secret, one: { [field]: secret, two: { [field]: secret, three: { [field]: secret } } } },
      'said',
    );
  }
  const text = lines.join('');
  expect(lines).toHaveLength(redactedFields.length);
  expect(text).not.toContain('planted-');
  expect(text).toContain('[redacted]');
  expect(JSON.parse(lines[0]!)).toMatchObject({ name: 'test', level: 'info', msg: 'said' });
});
