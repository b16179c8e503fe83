import { runStack } from './demo/run.ts';

// As the demo, with pages and worker that follow the sources.
await runStack('dev');
