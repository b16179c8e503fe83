import type { AccountView, BodyView, DraftView, IdentityView, SignatureView } from '#api/views.ts';
import { bodyQuery, meQuery } from '#ui/api/queries.ts';
import { queryClient } from '#ui/api/query-client.ts';
import { contentOf, type DraftContent } from './draft-content.ts';
import { splitQuote } from './plain-quote.ts';
import { swapPlainSignature } from './plain-signature.ts';
import { signaturePlace } from './writing-settings.ts';

const nothing: BodyView = { text: '', html: null };

/** Whom a draft of an account is from: the identity that was chosen, the account's first where that was removed. */
export function identityOf(
  accounts: readonly Pick<AccountView, 'id' | 'identities'>[],
  { accountId, identityId }: Pick<DraftView, 'accountId' | 'identityId'>,
): IdentityView | undefined {
  const own = accounts.find(({ id }) => id === accountId)?.identities ?? [];
  return own.find(({ id }) => id === identityId) ?? own[0];
}

/** The signature that is put under what an identity writes. */
export function signatureOf(identity: IdentityView | undefined): SignatureView | null {
  const signature = identity?.signatures[0];
  return signature && (signature.text.trim() !== '' || signature.html !== null) ? signature : null;
}

/** The original's text, from the page or the server; without it what is quoted is what the draft has. */
async function originalOf(accountId: string, emailId: string): Promise<BodyView> {
  try {
    return await queryClient.ensureQueryData(bodyQuery(accountId, emailId));
  } catch {
    return nothing;
  }
}

async function richContent(
  draft: DraftView,
  body: BodyView,
  signature: SignatureView | null,
): Promise<string> {
  const { quoteHtml } = await import('./editor/quote-html.ts');
  const { signatureBlock } = await import('./editor/signature-html.ts');
  const { quote } = splitQuote(draft.text);
  const head = quote.split(draft.relation === 'reply' ? /\n>/ : '\n\n')[0] ?? '';
  const hasQuote = draft.relation !== null && draft.relation !== 'edit' && quote !== '';
  const original =
    body.text === '' && body.html === null ? { text: quote.slice(head.length), html: null } : body;
  const quoted = hasQuote
    ? await quoteHtml(draft.relation === 'reply' ? 'reply' : 'forward', head, original)
    : '';
  const line = '<div><br></div>';
  const signed = signature === null ? '' : line + signatureBlock(signature);
  const spaced = quoted === '' ? '' : line + quoted;
  return signaturePlace() === 'above' ? line + signed + spaced : line + spaced + signed;
}

/** What a new message or answer begins with: its quote and signature, in the mode that the person writes in. */
export async function beginningOf(draft: DraftView, accounts: readonly AccountView[]): Promise<DraftContent> {
  const content = contentOf(draft);
  if (draft.relation === 'edit') return content;
  const signature = signatureOf(identityOf(accounts, draft));
  const { settings } = await queryClient.ensureQueryData(meQuery);
  if (settings.composeMode === 'plain')
    return { ...content, text: swapPlainSignature(content.text, null, signature, signaturePlace()) };
  const { accountId, relatedEmailId } = draft;
  const isForwardedWhole = draft.attachments.some(({ isEmail }) => isEmail);
  const body =
    relatedEmailId === null || isForwardedWhole ? nothing : await originalOf(accountId, relatedEmailId);
  return { ...content, html: await richContent(draft, body, signature) };
}
