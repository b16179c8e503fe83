import type { ListResponse } from 'imapflow';
import { describe, expect, it } from 'vitest';
import { roleHolders } from './role-holders.ts';

function listed(
  path: string,
  use: Partial<Pick<ListResponse, 'specialUse' | 'specialUseSource'>> = {},
): ListResponse {
  const parent = path.split('/');
  const name = parent.pop() ?? '';
  return {
    ...{ path, pathAsListed: path, name, delimiter: '/', parent, parentPath: parent.join('/') },
    ...{ flags: new Set<string>(), listed: true, subscribed: true, ...use },
  };
}

const sent = { specialUse: '\\Sent' };

describe('who holds a role', () => {
  it('is whom the server names, though another has the name of it', () => {
    const bare = listed('Verstuurd');
    const named = listed('Sent', { ...sent, specialUseSource: 'name' });
    const told = listed('Far/away/Post', { ...sent, specialUseSource: 'extension' });
    expect([...roleHolders([bare, named, told])]).toEqual([['Far/away/Post', 'sent']]);
    expect([...roleHolders([bare, named])]).toEqual([['Sent', 'sent']]);
    expect([...roleHolders([bare])]).toEqual([['Verstuurd', 'sent']]);
  });

  it('is one mailbox only, the one nearest to the top', () => {
    const holders = roleHolders([
      listed('Old/보낸편지함'),
      listed('보낸편지함'),
      listed('寄件匣/보낸편지함'),
    ]);
    expect([...holders]).toEqual([['보낸편지함', 'sent']]);
  });

  it('keeps the role that the server gives it, whatever its name', () => {
    const odd = listed('Skickade', { specialUse: '\\Archive', specialUseSource: 'extension' });
    expect([...roleHolders([odd])]).toEqual([['Skickade', 'archive']]);
  });

  it('is found however the name is written', () => {
    expect([...roleHolders([listed('ENVOYÉ'.normalize('NFD'))]).values()]).toEqual(['sent']);
  });

  it.each(['Project', 'Concept', 'Sent to clients', 'Müller', 'constructor'])(
    'is nobody called %s',
    (name) => {
      expect(roleHolders([listed(name)]).size).toBe(0);
    },
  );
});
