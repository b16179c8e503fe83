import { parentPort } from 'node:worker_threads';
import { keepEmail } from '#mail/content/kept-email.ts';
import { parseEmail, parseHeader } from '#mail/content/parse.ts';
import { makeWords } from '#mail/search/word-maker.ts';
import type { ParseRequest, ThreadMessage } from './protocol.ts';

if (parentPort === null) throw new Error('This file is what a parsing thread runs.');
const port = parentPort;

const say = (message: ThreadMessage, moved: ArrayBuffer[] = []) => port.postMessage(message, moved);

// One after another, so that the oldest unanswered request is the one that is being read.
let last = Promise.resolve();
port.on('message', (request: ParseRequest) => {
  last = last.then(async () => {
    if (request.wanted === 'words') {
      const made = await makeWords(request.source);
      say({ kind: 'words', id: request.id, made }, [made.words.buffer]);
      return;
    }
    const parsed =
      request.wanted === 'whole' ? await parseEmail(request.raw) : parseHeader(request.raw, request.problem);
    const email = keepEmail(parsed);
    const { text, html } = email.body;
    say({ kind: 'parsed', id: request.id, email }, [text.buffer, ...(html === null ? [] : [html.buffer])]);
  });
});
say({ kind: 'ready' });
