import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright/test';

/** What axe has against a page, by rule and place. A mail in its frame is somebody else's document, also where it is quoted. */
export async function violations(page: Page): Promise<string[]> {
  // In the page itself, as no frame is looked into: else each look opens another page only to add up what was found.
  const axe = new AxeBuilder({ page })
    .exclude('iframe')
    .setLegacyMode()
    .options({ resultTypes: ['violations'] });
  const { violations: found } = await axe.analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
}
