import { z } from 'zod';
import { line } from './text.ts';

/** Where a server is and how it is signed in to. */
export const serverInput = z.object({
  host: line(255).refine((host) => host !== '', 'no_host'),
  port: z.number().int().min(1).max(65535),
  security: z.enum(['tls', 'starttls', 'none']),
  user: line(320),
  pinnedFingerprint: z
    .string()
    .regex(/^[0-9A-Fa-f:]{64,95}$/)
    .nullable(),
});
