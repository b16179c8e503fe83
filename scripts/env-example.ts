import { writeFileSync } from 'node:fs';
import { environmentExample } from '#platform/environment.ts';

writeFileSync(new URL('../.env.example', import.meta.url), environmentExample());
