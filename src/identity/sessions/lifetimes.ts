/** Seconds for which a session lasts after its refresh token was used last: 7 days. */
export const refreshLifetime = 7 * 24 * 60 * 60;

/** Milliseconds within which a refresh token that was used already gets the same successor: two tabs, a lost answer. */
export const graceAfterRotation = 10_000;
