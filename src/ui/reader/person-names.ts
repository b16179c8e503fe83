import type { AccountView, Address } from '#api/views.ts';

export function isOwn(address: string, account: AccountView | undefined): boolean {
  const own = [account?.address, ...(account?.identities.map(({ email }) => email) ?? [])];
  return own.some((each) => each?.toLowerCase() === address.toLowerCase());
}

/** A person as read aloud: the name, else the address; `me` for the account's own. */
export function personName(person: Address, account: AccountView | undefined, me: string): string {
  return isOwn(person.address, account) ? me : person.name.trim() || person.address;
}

/** As written in a header: `Name <address>`. */
export function wholeAddress({ name, address }: Address): string {
  return name.trim() ? `${name.trim()} <${address}>` : address;
}
