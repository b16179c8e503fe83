/** The browser that a request comes from, as far as it says. */
export interface Device {
  /** SHA-256, in hexadecimal, of the mark that it keeps. */
  hash: string;
  userAgent: string;
  ipAddress: string | null;
}
