/** What a server behind the proxy seems to offer; `unsaid`: CONDSTORE, but its answer to ENABLE names nothing, as iCloud's. */
export type Offer = 'qresync' | 'condstore' | 'unsaid' | 'plain';

export interface CapabilityMask {
  /** A line of the server's as this server would say it; null where it would not say it at all. */
  answer(line: string): string | null;
  /** Whether this server knows the command, given without its tag. */
  knows(command: string): boolean;
}

/** Commands that only servers with an extension know; a plain one answers them BAD. */
const extensionCommands = [
  /^(ENABLE|IDLE|NAMESPACE|ID|NOTIFY|UNSELECT|COMPRESS|GETQUOTAROOT)\b/i,
  /^(UID )?MOVE\b/i,
  /^UID EXPUNGE\b/i,
  /^LIST \(|^LIST\b.*\bRETURN \(/i,
  /^(SELECT|EXAMINE)\b.*\((CONDSTORE|QRESYNC)/i,
  /^(UID )?(FETCH|STORE)\b.*\b(MODSEQ|CHANGEDSINCE|UNCHANGEDSINCE|VANISHED)\b/i,
  /^(UID )?SEARCH RETURN\b/i,
  /^(UID )?SEARCH\b.*\bMODSEQ\b/i,
  /^STATUS\b.*\b(HIGHESTMODSEQ|SIZE)\b/i,
];

const resyncCommands = [/^ENABLE\b.*\bQRESYNC\b/i, /^(SELECT|EXAMINE)\b.*\(QRESYNC/i, /\bVANISHED\)/i];

/** The names in a CAPABILITY answer or response code (RFC 9051 §7.2.2). */
const capabilityList = /((?:^\* |\[)CAPABILITY )([^\]\r\n]*)/i;

function withCapabilities(line: string, isOffered: (name: string) => boolean): string {
  return line.replace(
    capabilityList,
    (_whole, head: string, names: string) => head + names.split(' ').filter(isOffered).join(' '),
  );
}

const condstore: CapabilityMask = {
  answer: (line) => withCapabilities(line, (name) => name !== 'QRESYNC'),
  knows: (command) => !resyncCommands.some((pattern) => pattern.test(command)),
};

/** Makes one Dovecot seem to be a server with QRESYNC, with CONDSTORE only, or with bare IMAP4rev1. */
export const capabilityMasks: Readonly<Record<Offer, CapabilityMask>> = {
  qresync: { answer: (line) => line, knows: () => true },
  condstore,
  unsaid: {
    ...condstore,
    answer: (line) => (/^\* ENABLED\b/i.test(line) ? '* ENABLED\r\n' : condstore.answer(line)),
  },
  plain: {
    answer(line) {
      if (/^\* OK \[(HIGHESTMODSEQ|COPYUID)\b/i.test(line)) return null;
      return withCapabilities(line, (name) => name === 'IMAP4rev1' || name.startsWith('AUTH=')).replace(
        /^(\S+ OK )\[(?:APPENDUID|COPYUID|HIGHESTMODSEQ)[^\]]*\] ?/i,
        '$1',
      );
    },
    knows: (command) => !extensionCommands.some((pattern) => pattern.test(command)),
  },
};
