/** For pm2: web processes side by side, and one worker beside them. */
module.exports = {
  apps: [
    {
      name: 'mailroom-web',
      script: 'scripts/start.ts',
      interpreter: 'node_modules/.bin/node',
      instances: 1,
      kill_timeout: 15_000,
      max_memory_restart: '512M',
    },
    {
      name: 'mailroom-worker',
      script: 'worker/main.ts',
      node_args: '--max-semi-space-size=8',
      interpreter: 'node_modules/.bin/node',
      instances: 1,
      kill_timeout: 15_000,
      max_memory_restart: '512M',
    },
  ],
};
