import type { DraftSaver } from './draft-saver.ts';

const savers = new Set<DraftSaver>();

/** What is being written on this page. */
export const openSavers = {
  /** Returns what takes it out again. */
  add(saver: DraftSaver): () => void {
    savers.add(saver);
    return () => savers.delete(saver);
  },
  /** Saves everything that is written on this page. Whether all of it is on the server now. */
  async flushAll(): Promise<boolean> {
    const results = await Promise.all([...savers].map((saver) => saver.flush()));
    return results.every((isSaved) => isSaved);
  },
};
