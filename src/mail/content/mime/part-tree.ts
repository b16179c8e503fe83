/** A node of a mail's MIME tree, whether read from the raw mail or told by BODYSTRUCTURE. */
export interface MimePart {
  /** Lower case `type/subtype`, never empty. */
  mediaType: string;
  /** By lower-case name. */
  parameters: ReadonlyMap<string, string>;
  disposition: 'inline' | 'attachment' | null;
  /** As the sender wrote it, decoded, not yet safe. */
  filename: string | null;
  /** Without angle brackets. */
  contentId: string | null;
  /** Transfer encoding that `part` still has when fetched. */
  encoding: string | null;
  /** Decoded bytes; reckoned when the part is not here. */
  size: number;
  /** IMAP part number, null when the bytes are here. */
  part: string | null;
  /** Parts of a multipart. */
  children: readonly MimePart[];
  /** Subject of an encapsulated message. */
  embeddedSubject: string | null;
  /** Tree of an encapsulated message. Read only when asked for. */
  embedded: () => MimePart | null;
  /** Decoded bytes where they are here already. */
  bytesHere: () => Uint8Array | null;
  /** Decoded bytes, fetched where need be; may be cut at `contentLimits.fetchedPartBytes`. */
  read: () => Promise<Uint8Array>;
}

/** What could not be read whole, collected on the way: becomes `problem`. */
export type ProblemReport = (problem: string) => void;
