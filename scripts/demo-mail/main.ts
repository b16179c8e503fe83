import { resolve } from 'node:path';
import { startDemoMail } from './demo-mail-server.ts';

/**
 * The demo mail server as a process of its own: `node scripts/demo-mail/main.ts [folder]`. The first line it prints is
 * JSON with hosts, ports and accounts. It ends at SIGINT and SIGTERM, and, where MAILROOM_PARENT_PIPE is set, when its
 * standard input does: then whoever started it is gone.
 */
const folder = resolve(process.argv[2] ?? '.mailroom/demo-mail');
const { stop, ...description } = await startDemoMail({ folder });
console.log(JSON.stringify(description));

let isStopping = false;
async function end(): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  await stop();
  process.exit(0);
}
function endAtOnce(): void {
  end().catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
}
process.once('SIGINT', endAtOnce);
process.once('SIGTERM', endAtOnce);
if (process.env.MAILROOM_PARENT_PIPE) process.stdin.once('end', endAtOnce).once('error', endAtOnce).resume();
