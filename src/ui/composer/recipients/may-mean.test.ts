import { describe, expect, it } from 'vitest';
import { mayMean } from './may-mean.ts';

const zoe = { name: 'Zoë Müller-Lee', address: 'zoe.m@cafe.example' };

describe('whom typed letters may mean', () => {
  it.each(['z', 'ZOE', 'mul', 'zoë mü', 'cafe', 'm zoe', 'zoe.m@ca'])('%s may', (typed) => {
    expect(mayMean(zoe, typed)).toBe(true);
  });
  it.each(['oe', 'ben', 'zoe b'])('%s may not', (typed) => {
    expect(mayMean(zoe, typed)).toBe(false);
  });
});
