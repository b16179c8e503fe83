import { once } from 'node:events';
import { createServer } from 'node:net';

/** Whether nobody listens on this loopback port at the moment. */
export async function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  const probe = createServer();
  probe.listen({ port, host, exclusive: true });
  try {
    await once(probe, 'listening');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return false;
    throw error;
  }
  probe.close();
  await once(probe, 'close');
  return true;
}

/** The first free loopback port among those preferred and `span` ports above them; else one that the system picks. */
export async function findFreePort(preferred: number, span = 50): Promise<number> {
  for (let port = preferred; port < preferred + span && port < 65_536; port += 1) {
    if (await isPortFree(port)) return port;
  }
  return anyFreePort();
}

/** A loopback port that the system has just found free. */
export async function anyFreePort(): Promise<number> {
  const probe = createServer();
  probe.listen({ port: 0, host: '127.0.0.1' });
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('The system named no port.');
  return address.port;
}
