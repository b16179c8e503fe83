import { expect, it } from 'vitest';
import { testDatabase } from '#db/testing.ts';
import { createDraft } from '#mail/drafts/create.ts';
import { makePerson, request, testServices } from './testing.ts';

const db = await testDatabase();
const services = testServices(db);
const bob = { name: '', address: 'bob@example.net' };

/** Saves a draft, and says how that was answered. */
async function save(content: object) {
  const { caller, ids } = await makePerson(db, 'user');
  const { id: draftId, version, identityId } = await createDraft(db, ids.accountId, null);
  const whole = { identityId, to: [bob], cc: [], bcc: [], subject: 'Hi', text: 'Hello', html: null };
  return request(services, caller, {
    path: 'drafts.save',
    type: 'mutation',
    input: { accountId: ids.accountId, draftId, version, ...whole, ...content },
  });
}

it.each([
  ['more than a thousand recipients', { cc: Array.from({ length: 1001 }, () => bob) }, 'too_many_recipients'],
  ['HTML of more than 5 MB', { html: 'x'.repeat(5_000_001) }, 'text_too_long'],
  ['text of more than 2 MB', { text: 'x'.repeat(2_000_001) }, 'text_too_long'],
  ['a subject of a page', { subject: 'x'.repeat(2001) }, 'subject_too_long'],
] as const)('a draft with %s is refused with a problem of its own', async (_what, content, code) => {
  const { status, body } = await save(content);
  expect(status).toBe(400);
  expect(JSON.parse(body).error.data.problem).toEqual({ code, detail: null });
});

it('what fits is saved, and what could not be read has no problem of its own', async () => {
  expect((await save({ html: 'x'.repeat(5_000_000) })).status).toBe(200);
  const { status, body } = await save({ text: 7 });
  expect(status).toBe(400);
  expect(JSON.parse(body).error.data.problem).toBeNull();
});
