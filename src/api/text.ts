import { z } from 'zod';

/**
 * Text that the database takes: no U+0000, no lone surrogate.
 * @param longest in UTF-16 code units
 * @param tooLong the problem's code where it is longer; without one it is a request that could not be read
 */
export function text(longest: number, tooLong?: string) {
  return z
    .string()
    .max(longest, tooLong)
    .refine((value) => !value.includes('\0') && value.isWellFormed(), 'unreadable_text');
}

/** One line of text, without white space at its ends. */
export function line(longest: number) {
  return text(longest)
    .refine((value) => !/\p{Cc}/u.test(value), 'more_than_a_line')
    .transform((value) => value.trim());
}
