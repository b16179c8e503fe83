import { randomBytes } from 'node:crypto';
import { ensurePrivateFile, PrivateFileError } from './private-file.ts';

/**
 * The secret that signs sessions, made on first use beside the key file. Losing it signs everybody out and harms nothing else.
 * @throws PrivateFileError where others may read the file, or where it is too short to be a secret
 */
export function ensureSessionSecret(path: string): string {
  const { text } = ensurePrivateFile(path, () => `${randomBytes(32).toString('base64url')}\n`);
  const secret = text.trim();
  if (secret.length < 32) {
    throw new PrivateFileError(`${path} holds no secret of 32 characters. Delete it, and a new one is made.`);
  }
  return secret;
}
