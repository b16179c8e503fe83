/** RFC 8621 §4.1.1: IMAP system flags and the keywords that they are in JMAP. */
const systemFlags: Readonly<Record<string, string>> = {
  '\\Seen': '$seen',
  '\\Flagged': '$flagged',
  '\\Answered': '$answered',
  '\\Draft': '$draft',
  '\\Deleted': '$deleted',
};

const toFlag = new Map(Object.entries(systemFlags).map(([flag, keyword]) => [keyword, flag]));

/** A copy's flags as sorted keywords. `\Recent` is left out: it belongs to a session, not to the message. */
export function keywordsOf(flags: Iterable<string>): string[] {
  const keywords = new Set<string>();
  for (const flag of flags) {
    const system = Object.keys(systemFlags).find((name) => name.toLowerCase() === flag.toLowerCase());
    if (system !== undefined) keywords.add(systemFlags[system] ?? flag);
    else if (!flag.startsWith('\\')) keywords.add(flag.toLowerCase());
  }
  return [...keywords].sort();
}

/** The IMAP flag of a keyword. */
export function flagOf(keyword: string): string {
  return toFlag.get(keyword) ?? keyword;
}
