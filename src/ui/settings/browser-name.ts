import { getParser } from 'bowser';

/** What a person would call the browser of a User-Agent header, such as "Firefox" and "Linux"; null for what is not known. */
export function browserName(userAgent: string): { browser: string | null; system: string | null } {
  if (userAgent === '') return { browser: null, system: null };
  const parser = getParser(userAgent);
  return { browser: parser.getBrowserName() || null, system: parser.getOSName() || null };
}
