import type { Device } from '#identity/device.ts';
import type { Log } from '#platform/log.ts';
import type { Services } from './composition.ts';

/** Who calls, as far as the API must know. */
export interface Caller {
  id: string;
  email: string;
  name: string;
  role: 'user' | 'admin';
  sessionId: string;
}

/** What a procedure is handed. */
export interface Context extends Services {
  /** Null for somebody who is not signed in. */
  user: Caller | null;
  /** Where the request comes from. */
  device: Device;
  /** Named in logs and in every error that leaves. */
  requestId: string;
  log: Log;
  /** The configured origin. */
  appUrl: string;
  /** Milliseconds within which a sent message can be taken back. */
  undo: number;
}
