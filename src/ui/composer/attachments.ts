import type { DraftAttachmentView, DraftView } from '#api/views.ts';
import { sayProblem } from '#ui/actions/act.ts';
import { api } from '#ui/api/client.ts';
import type { ShownProblem } from '#ui/api/problem.ts';
import { createStore, type Store } from '#ui/kit/store.ts';
import { words } from '#ui/messages/words.ts';
import type { DraftSaver } from './draft-saver.ts';
import { isOfText, isTakenOut, picturesAfter, picturesIn, type TextPictures } from './text-pictures.ts';
import { attachmentsPath, type Disposition, type Upload, UploadError, upload } from './upload.ts';

/** A file on its way to the server, or one that did not get there. */
export interface RunningUpload {
  id: number;
  file: File;
  disposition: Disposition;
  /** 0 to 1. */
  progress: number;
  problem: ShownProblem | null;
}

export interface AttachmentState {
  files: readonly DraftAttachmentView[];
  running: readonly RunningUpload[];
  pictures: TextPictures;
}

export interface Attachments {
  state: Store<AttachmentState>;
  add(files: Iterable<File>): void;
  /** Attaches whole mails of the draft's account, as files that any mail program opens. */
  addEmails(emailIds: readonly string[]): Promise<void>;
  /** Takes a picture of the text, and says its Content-ID; null where it did not get there. */
  addPicture(file: File): Promise<string | null>;
  remove(attachment: DraftAttachmentView): Promise<void>;
  /** Waits for the files on their way; whether each of them got there. */
  settled(): Promise<boolean>;
  cancel(id: number): void;
  retry(id: number): void;
  /** Where a picture of the text can be seen; null for one that the draft does not have. */
  pictureOf(contentId: string): string | null;
  /** The draft has these files: another window has put one on it, or taken one off. */
  followFiles(files: readonly DraftAttachmentView[]): void;
  /** The text is this by no doing of the person's: the editor took it over, or another window wrote it. */
  beginText(html: string | null): void;
  /** Somebody has written, or taken a picture out. */
  followText(html: string | null): void;
  /** Drops the pictures that somebody has taken out of the text. */
  dropTakenOut(): Promise<void>;
  close(): void;
}

/** The files that are listed: pictures that the text shows stand there. */
export function listedFiles({ files, pictures }: AttachmentState): readonly DraftAttachmentView[] {
  return files.filter((file) => !isOfText(file, pictures));
}

/** Bytes of all files, those on their way among them. */
export function sizeOf({ files, running }: AttachmentState): number {
  return [...files, ...running.map(({ file }) => file)].reduce((sum, { size }) => sum + size, 0);
}

const without = (files: readonly DraftAttachmentView[], { id }: DraftAttachmentView) =>
  files.filter((file) => file.id !== id);

const isCancel = (error: unknown) => error instanceof DOMException && error.name === 'AbortError';

/** The files of a draft whose text begins as `html`. */
export function createAttachments(
  draft: Pick<DraftView, 'accountId' | 'id' | 'attachments'>,
  html: string | null,
  { remote, raised }: Pick<DraftSaver, 'remote' | 'raised'>,
): Attachments {
  const { accountId } = draft;
  const state = createStore<AttachmentState>({
    files: draft.attachments,
    running: [],
    pictures: picturesIn(html, draft.attachments),
  });
  const uploads = new Map<number, Upload>();
  const seen = new Map<string, string>();
  /** Files that are taken off, until the server says so. */
  const leaving = new Set<string>();
  const underWay = new Set<Promise<DraftAttachmentView | null>>();
  let draftId = draft.id;
  let count = 0;

  function change(id: number, part: Partial<RunningUpload>): void {
    state.set((before) => ({
      ...before,
      running: before.running.map((each) => (each.id === id ? { ...each, ...part } : each)),
    }));
  }

  function drop(id: number): void {
    uploads.delete(id);
    state.set((before) => ({ ...before, running: before.running.filter((each) => each.id !== id) }));
  }

  async function run({ id, file, disposition }: RunningUpload): Promise<DraftAttachmentView | null> {
    try {
      const made = await remote();
      if (made === null) throw new UploadError({ code: 'no_answer', detail: null });
      draftId = made.id;
      const started = upload({ accountId, id: draftId }, file, disposition, (progress) =>
        change(id, { progress }),
      );
      uploads.set(id, started);
      const { draftVersion, ...attachment } = await started.done;
      raised(draftVersion);
      if (attachment.contentId !== null) seen.set(attachment.contentId, URL.createObjectURL(file));
      state.set((before) => ({ ...before, files: [...without(before.files, attachment), attachment] }));
      drop(id);
      return attachment;
    } catch (error) {
      uploads.delete(id);
      if (isCancel(error)) drop(id);
      else {
        const problem = error instanceof UploadError ? error.problem : { code: 'unknown', detail: null };
        change(id, { problem });
      }
      return null;
    }
  }

  function track(upload: Promise<DraftAttachmentView | null>): Promise<DraftAttachmentView | null> {
    underWay.add(upload);
    void upload.finally(() => underWay.delete(upload));
    return upload;
  }

  function start(file: File, disposition: Disposition): Promise<DraftAttachmentView | null> {
    count += 1;
    const begun = { id: count, file, disposition, progress: 0, problem: null };
    state.set((before) => ({ ...before, running: [...before.running, begun] }));
    return track(run(begun));
  }

  async function remove(attachment: DraftAttachmentView): Promise<void> {
    leaving.add(attachment.id);
    state.set((before) => ({ ...before, files: without(before.files, attachment) }));
    try {
      const ids = { accountId, draftId, attachmentId: attachment.id };
      raised((await api.drafts.removeAttachment.mutate(ids)).version);
    } catch (error) {
      state.set((before) => ({ ...before, files: [...without(before.files, attachment), attachment] }));
      sayProblem(words.t('done.failed'), error);
    } finally {
      leaving.delete(attachment.id);
    }
  }

  async function addEmail(emailId: string): Promise<void> {
    const made = await remote();
    if (made === null) throw new UploadError({ code: 'no_answer', detail: null });
    draftId = made.id;
    const call = { accountId, draftId, emailId };
    const { draftVersion, ...attachment } = await api.drafts.attachEmail.mutate(call);
    raised(draftVersion);
    state.set((before) => ({ ...before, files: [...without(before.files, attachment), attachment] }));
  }

  return {
    state,
    remove,
    async addEmails(emailIds) {
      try {
        for (const emailId of emailIds) await addEmail(emailId);
      } catch (error) {
        sayProblem(words.t('composer.mailNotAttached'), error);
      }
    },
    add(files) {
      for (const file of files) void start(file, 'attachment');
    },
    addPicture: async (file) => (await start(file, 'inline'))?.contentId ?? null,
    async settled() {
      const arrived = await Promise.all(underWay);
      return arrived.every((attachment) => attachment !== null);
    },
    cancel(id) {
      const running = uploads.get(id);
      if (running) running.cancel();
      else drop(id);
    },
    retry(id) {
      const failed = state.get().running.find((each) => each.id === id);
      if (failed === undefined) return;
      change(id, { problem: null, progress: 0 });
      void track(run(failed));
    },
    pictureOf(contentId) {
      const known = seen.get(contentId);
      if (known !== undefined) return known;
      const file = state.get().files.find((each) => each.contentId === contentId);
      return file === undefined ? null : `${attachmentsPath({ accountId, id: draftId })}/${file.id}`;
    },
    followFiles(theirs) {
      const files = theirs.filter(({ id }) => !leaving.has(id));
      const isSame = (before: readonly DraftAttachmentView[]) =>
        before.length === files.length && before.every(({ id }, index) => id === files[index]?.id);
      // The same files stay the same list: whoever looks whether anything was attached compares lists.
      state.set((before) => (isSame(before.files) ? before : { ...before, files }));
    },
    beginText(text) {
      state.set((before) => {
        const { shown } = picturesIn(text, before.files);
        return { ...before, pictures: { ...before.pictures, shown } };
      });
    },
    followText(text) {
      state.set((before) => {
        const pictures = picturesAfter(before.pictures, text, before.files);
        return pictures === before.pictures ? before : { ...before, pictures };
      });
    },
    async dropTakenOut() {
      const { files, pictures } = state.get();
      await Promise.all(files.filter((file) => isTakenOut(file, pictures)).map(remove));
    },
    close() {
      for (const running of uploads.values()) running.cancel();
      for (const address of seen.values()) URL.revokeObjectURL(address);
    },
  };
}
