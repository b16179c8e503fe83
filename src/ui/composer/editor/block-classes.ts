/** The classes of an identity's signature and of what is quoted whole, by which they are known again wherever the mail goes. */
export const signatureClass = 'mailroom-signature';
export const quoteClass = 'mailroom-quote';
