/** @type {import('next').NextConfig} */
export default {
  poweredByHeader: false,
  reactStrictMode: true,
  compress: true,
  devIndicators: false,
  // These reach for files, sockets or native code by themselves and are not to be bundled.
  serverExternalPackages: [
    'bullmq',
    'ioredis',
    'pg',
    'pino',
    '@node-rs/argon2',
    'imapflow',
    'nodemailer',
    'undici',
  ],
  // Types have a check of their own (npm run typecheck); a build on somebody's machine need not wait for it.
  typescript: { ignoreBuildErrors: true },
};
