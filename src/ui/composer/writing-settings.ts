const place = 'mailroom-signature-place';
const bar = 'mailroom-format-bar';

/** Whether a signature stands above what is quoted, or at the very end. Chosen for this browser. */
export function signaturePlace(): 'above' | 'below' {
  return localStorage.getItem(place) === 'below' ? 'below' : 'above';
}

export function setSignaturePlace(chosen: 'above' | 'below'): void {
  localStorage.setItem(place, chosen);
}

/** Whether the bar for formatting is shown, as it was left the last time. */
export function isBarShown(): boolean {
  return localStorage.getItem(bar) !== 'hidden';
}

export function setBarShown(isShown: boolean): void {
  localStorage.setItem(bar, isShown ? 'shown' : 'hidden');
}
