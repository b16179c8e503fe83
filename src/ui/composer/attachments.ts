import { useRef, useState } from 'react';
import type { DraftAttachmentView, DraftView } from '#api/views.ts';
import { sayProblem } from '#ui/actions/act.ts';
import { api } from '#ui/api/client.ts';
import { showToast } from '#ui/kit/toast.tsx';
import { words } from '#ui/messages/words.ts';
import { type Upload, UploadError, upload } from './upload.ts';

export interface RunningUpload {
  id: number;
  name: string;
  /** 0 to 1. */
  progress: number;
}

const problemTime = 12_000;

function saySkipped(name: string, error: unknown): void {
  if (error instanceof DOMException && error.name === 'AbortError') return;
  const problem = error instanceof UploadError ? error.problem : { code: 'unknown', detail: null };
  const title = words.t('composer.uploadFailed', { name, reason: words.problem(problem) });
  showToast({ title, duration: problemTime });
}

/** The files of a draft: those on the server, and those on their way there. */
export function useAttachments(draft: DraftView) {
  const [files, setFiles] = useState<readonly DraftAttachmentView[]>(draft.attachments);
  const [running, setRunning] = useState<readonly RunningUpload[]>([]);
  const uploads = useRef(new Map<number, Upload>());
  const count = useRef(0);

  async function add(file: File): Promise<void> {
    count.current += 1;
    const id = count.current;
    const setProgress = (progress: number) =>
      setRunning((before) => before.map((each) => (each.id === id ? { ...each, progress } : each)));
    setRunning((before) => [...before, { id, name: file.name, progress: 0 }]);
    const started = upload(draft, file, setProgress);
    uploads.current.set(id, started);
    try {
      const attachment = await started.done;
      setFiles((before) => [...before, attachment]);
    } catch (error) {
      saySkipped(file.name, error);
    } finally {
      uploads.current.delete(id);
      setRunning((before) => before.filter((each) => each.id !== id));
    }
  }

  async function remove(attachment: DraftAttachmentView): Promise<void> {
    setFiles((before) => before.filter(({ id }) => id !== attachment.id));
    const ids = { accountId: draft.accountId, draftId: draft.id, attachmentId: attachment.id };
    try {
      await api.drafts.removeAttachment.mutate(ids);
    } catch (error) {
      setFiles((before) => [...before, attachment]);
      sayProblem(words.t('done.failed'), error);
    }
  }

  return {
    files,
    running,
    add: (list: Iterable<File>) => {
      for (const file of list) void add(file);
    },
    remove: (attachment: DraftAttachmentView) => void remove(attachment),
    cancel: (id: number) => uploads.current.get(id)?.cancel(),
  };
}

export type Attachments = ReturnType<typeof useAttachments>;
