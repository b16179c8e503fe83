import type { ListRow } from '#api/views.ts';

export interface PersonPart {
  text: string;
  isUnread: boolean;
}

const most = 4;

function firstName(name: string): string {
  const given = name.includes(',') ? name.slice(name.indexOf(',') + 1).trim() : name;
  return given.split(/\s+/u)[0] || name;
}

/**
 * Who a row is of: one person by the whole name, several by their first names, the person's own address as `me` and
 * last; more than four shortened in the middle.
 */
export function peopleLine(people: ListRow['people'], me: string, nobody: string): PersonPart[] {
  const others = people.filter((person) => !person.isMe);
  const own = people.filter((person) => person.isMe);
  const isAlone = others.length + Math.min(own.length, 1) === 1;
  const named = others.map(({ name, address, isUnread }) => {
    const whole = name.trim() || address;
    return { text: isAlone || !name.trim() ? whole : firstName(whole), isUnread };
  });
  const parts =
    own.length > 0 ? [...named, { text: me, isUnread: own.some(({ isUnread }) => isUnread) }] : named;
  if (parts.length === 0) return [{ text: nobody, isUnread: false }];
  if (parts.length <= most) return parts;
  return [...parts.slice(0, 1), { text: '…', isUnread: false }, ...parts.slice(-2)];
}
