import type { AttachedView } from '#api/views.ts';
import type { ShownProblem } from '#ui/api/problem.ts';

export type Disposition = AttachedView['disposition'];

export interface Upload {
  done: Promise<AttachedView>;
  cancel: () => void;
}

/** Why a file could not be attached. */
export class UploadError extends Error {
  readonly problem: ShownProblem;
  constructor(problem: ShownProblem) {
    super(`The upload failed: ${problem.code}`);
    this.problem = problem;
  }
}

function isAttachment(value: unknown): value is AttachedView {
  return typeof value === 'object' && value !== null && 'id' in value && 'draftVersion' in value;
}

function problemIn(status: number, answer: unknown): ShownProblem {
  const problem =
    typeof answer === 'object' && answer !== null && 'problem' in answer ? answer.problem : null;
  if (
    typeof problem === 'object' &&
    problem !== null &&
    'code' in problem &&
    typeof problem.code === 'string'
  ) {
    const detail = 'detail' in problem && typeof problem.detail === 'string' ? problem.detail : null;
    return { code: problem.code, detail };
  }
  if (typeof problem === 'string') return { code: problem, detail: null };
  return { code: status === 413 ? 'too_large' : status === 0 ? 'no_answer' : 'unknown', detail: null };
}

/** Where a draft's files go to, and each can be had again. */
export function attachmentsPath(draft: { accountId: string; id: string }): string {
  return `/api/drafts/${encodeURIComponent(draft.accountId)}/${encodeURIComponent(draft.id)}/attachments`;
}

/** Sends a file to a draft. XMLHttpRequest, because fetch tells nothing of how far an upload is. `onProgress`: 0 to 1. */
export function upload(
  draft: { accountId: string; id: string },
  file: File,
  disposition: Disposition,
  onProgress: (part: number) => void,
): Upload {
  const request = new XMLHttpRequest();
  const type = file.type || 'application/octet-stream';
  const query = new URLSearchParams({ filename: file.name, type, disposition });
  const done = new Promise<AttachedView>((resolve, reject) => {
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onload = () => {
      const answer: unknown = request.response;
      if (request.status < 300 && isAttachment(answer)) resolve(answer);
      else reject(new UploadError(problemIn(request.status, answer)));
    };
    request.onerror = () => reject(new UploadError({ code: 'no_answer', detail: null }));
    request.onabort = () => reject(new DOMException('The upload was cancelled.', 'AbortError'));
  });
  request.open('POST', `${attachmentsPath(draft)}?${query}`);
  request.responseType = 'json';
  request.setRequestHeader('content-type', 'application/octet-stream');
  request.send(file);
  return { done, cancel: () => request.abort() };
}
