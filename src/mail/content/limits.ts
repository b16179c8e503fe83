/** Bounds of the content layer: a mail that exceeds one is read up to it, and its `problem` says which. */
export const contentLimits = {
  /** Bytes of the header block of the mail and of each part. */
  headerBytes: 256 * 1024,
  /** Fields of one header block. */
  headerFields: 1_000,
  /** Addresses of one field. */
  addresses: 1_000,
  /** Message-ids kept of References: the first and the newest. */
  references: 100,
  /** Characters of a message-id; RFC 5322 §2.1.1 allows no longer line. */
  messageIdLength: 995,
  /** Characters of a subject, a name, an address or another single field. */
  fieldLength: 4_000,
  /** Multiparts and messages inside one another. */
  nesting: 40,
  /** Parts of a mail, multiparts counted. */
  parts: 1_000,
  /** Encoded bytes fetched of one body part of a large mail. */
  fetchedPartBytes: 4 * 1024 * 1024,
  /** Characters of HTML that are kept. */
  htmlLength: 2_000_000,
  /** Characters of HTML that are turned into text; on the rest only tags are stripped. */
  convertedHtmlLength: 128 * 1024,
  /** Characters of text that are kept. */
  textLength: 1_000_000,
  snippetLength: 200,
  /** Attributes of one TNEF stream. */
  tnefAttributes: 10_000,
  /** Bytes of RTF that are decompressed. */
  rtfBytes: 2 * 1024 * 1024,
  /** Groups of RTF inside one another that are told apart. */
  rtfNesting: 1_000,
  /** Fonts of RTF whose charset is kept. */
  rtfFonts: 1_000,
  /** Bytes of a calendar part that are looked at for its method. */
  calendarBytes: 64 * 1024,
} as const;
