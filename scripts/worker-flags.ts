/**
 * What the worker's Node is started with. Loading the program makes much garbage, and V8 answers by growing its heap
 * for good: a small young generation keeps the process at about half the memory.
 */
export const workerFlags = ['--max-semi-space-size=8'];
