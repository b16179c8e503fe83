type Unit = 'bytes' | 'kilobytes' | 'megabytes' | 'gigabytes';

/** A size in the unit that reads best, with its key in the catalogue's `sizes`. */
export function fileSize(bytes: number): { unit: Unit; size: number } {
  const round = (value: number) => (value < 10 ? Math.round(value * 10) / 10 : Math.round(value));
  if (bytes < 1000) return { unit: 'bytes', size: bytes };
  if (bytes < 1_000_000) return { unit: 'kilobytes', size: round(bytes / 1000) };
  if (bytes < 1_000_000_000) return { unit: 'megabytes', size: round(bytes / 1_000_000) };
  return { unit: 'gigabytes', size: round(bytes / 1_000_000_000) };
}
