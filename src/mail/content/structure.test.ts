import type { MessageStructureObject } from 'imapflow';
import { describe, expect, it } from 'vitest';
import { parseStructuredEmail } from './structure.ts';

const header = Buffer.from(
  'From: Ada <ada@example.org>\r\nSubject: Large\r\nMessage-ID: <large@example.org>\r\n\r\n',
);

/** A server holding these parts; what is fetched is noted. */
function serverWith(parts: Record<string, string>) {
  const fetched: string[] = [];
  const fetchPart = async (part: string) => {
    fetched.push(part);
    const content = parts[part];
    if (content === undefined) throw new Error(`No part ${part}`);
    return Buffer.from(content, 'latin1');
  };
  return { fetched, fetchPart };
}

const mixed: MessageStructureObject = {
  type: 'multipart/mixed',
  childNodes: [
    {
      type: 'multipart/alternative',
      part: '1',
      childNodes: [
        {
          type: 'text/plain',
          part: '1.1',
          parameters: { charset: 'iso-8859-1' },
          encoding: 'quoted-printable',
          size: 20,
        },
        { type: 'text/html', part: '1.2', parameters: { charset: 'utf-8' }, encoding: 'base64', size: 30 },
      ],
    },
    {
      type: 'application/pdf',
      part: '2',
      encoding: 'base64',
      size: 7_800_000,
      disposition: 'attachment',
      dispositionParameters: { filename: '../big.pdf' },
    },
    { type: 'image/png', part: '3', id: '<i@x>', encoding: 'base64', size: 78, disposition: 'inline' },
  ],
};

describe('parseStructuredEmail', () => {
  it('fetches the text parts only, and lists the attachments by part number', async () => {
    const server = serverWith({ '1.1': 'Gr=FC=DFe', '1.2': Buffer.from('<p>Grüße</p>').toString('base64') });
    const email = await parseStructuredEmail(mixed, header, server.fetchPart);
    expect(server.fetched.toSorted()).toEqual(['1.1', '1.2']);
    expect(email).toMatchObject({
      subject: 'Large',
      messageId: 'large@example.org',
      text: 'Grüße',
      html: '<p>Grüße</p>',
      snippet: 'Grüße',
      problem: null,
    });
    expect(email.attachments).toEqual([
      {
        position: 0,
        filename: 'big.pdf',
        mediaType: 'application/pdf',
        size: 5_700_000,
        contentId: null,
        disposition: 'attachment',
        content: null,
        part: '2',
        encoding: 'base64',
      },
      {
        position: 1,
        filename: 'image-2.png',
        mediaType: 'image/png',
        size: 57,
        contentId: 'i@x',
        disposition: 'inline',
        content: null,
        part: '3',
        encoding: 'base64',
      },
    ]);
  });

  it('asks for part 1 of a mail without parts', async () => {
    const server = serverWith({ '1': 'Hello' });
    const email = await parseStructuredEmail({ type: 'text/plain', size: 5 }, header, server.fetchPart);
    expect(email.text).toBe('Hello');
  });

  it('numbers the parts of an encapsulated mail as IMAP does', async () => {
    const lone: MessageStructureObject = {
      type: 'message/rfc822',
      part: '1',
      size: 100,
      envelope: { subject: 'Inner' },
      childNodes: [{ type: 'text/plain', part: '1', size: 5 }],
    };
    const server = serverWith({ '1.1': 'inside' });
    const email = await parseStructuredEmail(
      { type: 'multipart/mixed', childNodes: [lone] },
      header,
      server.fetchPart,
    );
    expect(email.text).toBe('inside');
    expect(email.attachments).toMatchObject([{ filename: 'Inner.eml', part: '1' }]);
  });

  it('says when the text was cut', async () => {
    const server = serverWith({ '1': 'Hello' });
    const email = await parseStructuredEmail(
      { type: 'text/plain', size: 90_000_000 },
      header,
      server.fetchPart,
    );
    expect(email.problem).toMatch(/cut/);
  });

  it('rejects with the failure of a fetch, which is no fault of the mail', async () => {
    await expect(parseStructuredEmail(mixed, header, serverWith({}).fetchPart)).rejects.toThrow('No part 1');
  });
});
