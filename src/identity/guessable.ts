import type { ZxcvbnFactory } from '@zxcvbn-ts/core';

/** Guesses that an attacker is sure to make against one stolen hash: a password that falls within them is refused. */
const mostGuesses = 1e8;

/** Characters that are looked at: what follows could only make a password better. */
const longestLook = 100;

let made: Promise<ZxcvbnFactory> | null = null;

/** The list of passwords that leaked before is a megabyte: it is read when somebody first chooses a password. */
async function make(): Promise<ZxcvbnFactory> {
  const [{ ZxcvbnFactory }, common] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
  ]);
  return new ZxcvbnFactory({ dictionary: common.dictionary, graphs: common.adjacencyGraphs });
}

/**
 * Whether somebody could guess a password: it has leaked before, is a pattern of keys, a date, a repetition, or made of
 * what is known of the person. Nothing leaves this process for it.
 * @param known what others know of the person, such as their name and address
 */
export async function isGuessable(password: string, known: readonly string[]): Promise<boolean> {
  made ??= make();
  const words = known
    .flatMap((text) => [text, ...text.split(/[^\p{L}\p{N}]+/u)])
    .filter((word) => word.length > 2);
  const { guesses } = (await made).check(password.slice(0, longestLook), words);
  return guesses < mostGuesses;
}
