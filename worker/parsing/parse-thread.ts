import { parentPort } from 'node:worker_threads';
import { parseHeader } from '#mail/content/parse.ts';
import { parseWithoutContents } from '#mail/content/parser.ts';
import type { ParseRequest, ThreadMessage } from './protocol.ts';

if (parentPort === null) throw new Error('This file is what a parsing thread runs.');
const port = parentPort;

const say = (message: ThreadMessage) => port.postMessage(message);

// One after another, so that the oldest unanswered request is the one that is being read.
let last = Promise.resolve();
port.on('message', (request: ParseRequest) => {
  last = last.then(async () => {
    const email =
      request.wanted === 'whole'
        ? await parseWithoutContents(request.raw)
        : parseHeader(request.raw, request.problem);
    say({ kind: 'parsed', id: request.id, email });
  });
});
say({ kind: 'ready' });
