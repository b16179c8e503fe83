/** What each room may import besides itself. Everything goes down; there are no circles. */
const rooms = {
  'src/app': ['src/ui', 'src/api', 'src/mail', 'src/identity', 'src/operations', 'src/db', 'src/platform'],
  'src/ui': [],
  'src/api': ['src/mail', 'src/identity', 'src/operations', 'src/db', 'src/platform'],
  'src/mail': ['src/db', 'src/platform'],
  'src/identity': ['src/db', 'src/platform'],
  'src/operations': ['src/db', 'src/platform'],
  'src/db': ['src/platform'],
  'src/platform': [],
  worker: ['src/mail', 'src/identity', 'src/operations', 'src/db', 'src/platform'],
};

/** Tests may look where they like; they are not part of the program. */
const tests = '(\\.test\\.tsx?|/testing\\.ts)$';

function room(name) {
  return `^${name}/`;
}

const directions = Object.entries(rooms).map(([name, below]) => ({
  name: `${name.replace('src/', '')}-imports-down`,
  comment: `${name} may import ${below.length === 0 ? 'nothing of the others' : below.join(', ')}.`,
  severity: 'error',
  from: { path: room(name), pathNot: tests },
  to: {
    path: Object.keys(rooms)
      .filter((other) => other !== name && !below.includes(other))
      .concat('scripts', 'tests', 'e2e', 'bench')
      .map(room),
    // The screen sees the API, and nothing else, by its types alone.
    ...(name === 'src/ui' ? { dependencyTypesNot: ['type-only'] } : {}),
  },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...directions,
    {
      name: 'ui-sees-the-api-only',
      comment: 'src/ui imports types from src/api and from no room below it.',
      severity: 'error',
      from: { path: room('src/ui'), pathNot: tests },
      to: {
        path: [
          'src/app',
          'src/mail',
          'src/identity',
          'src/operations',
          'src/db',
          'src/platform',
          'worker',
        ].map(room),
      },
    },
    {
      name: 'mail-knows-no-framework',
      comment: 'The mail domain knows no Next, no React, no tRPC and no job of BullMQ.',
      severity: 'error',
      from: { path: room('src/mail'), pathNot: tests },
      to: { path: 'node_modules/(next|react|react-dom|@trpc|bullmq|next-auth)/' },
    },
    {
      name: 'no-circles',
      comment: 'When two files need each other, a third is missing.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'bare-procedures-stay-home',
      comment: 'Only src/api/trpc.ts makes procedure builders.',
      severity: 'error',
      from: { path: '^(src|worker)/', pathNot: ['^src/api/(trpc|errors)\\.ts$', tests] },
      to: { path: 'node_modules/@trpc/server/dist/index' },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.(css|svg)$' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
