import { TRPCError } from '@trpc/server';

type TrpcCode = ConstructorParameters<typeof TRPCError>[0]['code'];

/**
 * An error that a caller can act on: `code` selects the sentence in the message catalogue, `detail` is what
 * the other side said. It reaches the caller as `error.data.problem`.
 */
export class ApiError extends TRPCError {
  readonly problem: { code: string; detail: string | null };
  constructor(code: TrpcCode, problem: string, detail: string | null = null) {
    super({ code, message: problem });
    this.problem = { code: problem, detail };
  }
}

/** One and the same answer for what does not exist and what belongs to somebody else. */
export function notFound(): ApiError {
  return new ApiError('NOT_FOUND', 'not_found');
}
