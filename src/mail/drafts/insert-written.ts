import type { Transaction } from '#db/client.ts';
import { draftAttachments, drafts } from '#db/schema.ts';

type NewDraft = Omit<typeof drafts.$inferInsert, 'version'> & { id: string };

/** A file of a draft that is still to be. */
export type NewFile = Omit<typeof draftAttachments.$inferInsert, 'accountId' | 'draftId'>;

/** Makes a draft of what was written elsewhere already: it is listed, and filed, as any other that was written on. */
export async function insertWritten(
  tx: Transaction,
  draft: NewDraft,
  files: readonly NewFile[],
): Promise<void> {
  const { accountId, id: draftId } = draft;
  await tx.insert(drafts).values({ ...draft, version: 2 });
  if (files.length > 0)
    await tx.insert(draftAttachments).values(files.map((file) => ({ ...file, accountId, draftId })));
}
