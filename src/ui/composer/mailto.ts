import type { Address } from '#api/views.ts';

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
      .replaceAll(/[\r\n\0]/g, '')
      .trim();
  } catch {
    return text.trim();
  }
}

/** Whom a mailto: link names (RFC 6068); its other fields are a stranger's words and are left out. */
export function addressesOfLink(href: string): Address[] {
  const path = URL.parse(href)?.pathname ?? '';
  return path.split(',').flatMap((each) => {
    const address = decoded(each);
    return address.includes('@') ? [{ name: '', address }] : [];
  });
}
