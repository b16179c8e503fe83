import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';
import { EnvironmentError, environmentExample, readEnvironment } from './environment.ts';

it('.env.example lists every variable with its default and unit', () => {
  const file = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
  expect(file).toBe(environmentExample());
  expect(file).toContain('# unit: ms\nIMAP_COMMAND_TIMEOUT=20000\n');
});

describe('readEnvironment', () => {
  it('takes an empty variable for an unset one', () => {
    expect(readEnvironment({ PORT: '' }).PORT).toBe(3000);
  });

  it('names every variable that does not fit, and no value', () => {
    const read = () => readEnvironment({ PORT: 'hunter2', LOG_LEVEL: 'loud' });
    expect(read).toThrow(EnvironmentError);
    expect(read).toThrow(/PORT \(port\)[\s\S]*LOG_LEVEL \(level\)/);
    expect(read).not.toThrow(/hunter2/);
  });
});

describe('readConfig', () => {
  it('needs no APP_URL on loopback', () => {
    expect(readConfig({}).appUrl).toBe('http://127.0.0.1:3000');
  });

  it.each([
    [{ HOST: '0.0.0.0' }, /APP_URL is required/],
    [{ APP_URL: 'http://mail.example.org' }, /must be https/],
    [{ APP_URL: 'mail.example.org' }, /not a URL|must be https/],
    [{ DATABASE_POOL_SIZE: 'many' }, /DATABASE_POOL_SIZE/],
  ])('refuses %j', (environment, reason) => {
    expect(() => readConfig(environment)).toThrow(reason);
  });

  it('takes https anywhere, and keeps the origin alone', () => {
    const config = readConfig({ HOST: '0.0.0.0', APP_URL: 'https://mail.example.org/somewhere' });
    expect(config.appUrl).toBe('https://mail.example.org');
    expect(config.isPlainHttp).toBe(false);
  });

  it('keeps the pool within 5 and 20 unless it is said', () => {
    expect(readConfig({}).databasePoolSize).toBeGreaterThanOrEqual(5);
    expect(readConfig({}).databasePoolSize).toBeLessThanOrEqual(20);
    expect(readConfig({ DATABASE_POOL_SIZE: '3' }).databasePoolSize).toBe(3);
  });
});
