import type { Page, Request } from 'playwright/test';
import { stack } from './stack.ts';

/** What a mail's frame may ask this origin for: its empty document, and pictures that are parts of the mail. */
function isExpected(request: Request): boolean {
  const { protocol, origin, pathname } = new URL(request.url());
  if (protocol === 'data:' || protocol === 'blob:') return true;
  return (
    origin === stack().address && (pathname === '/mail-frame' || pathname.startsWith('/api/attachments/'))
  );
}

/** Notes from now on what no mail may bring about, whatever the walls: dialogs, windows, downloads, errors, and that the page goes elsewhere. */
export function watchIncidents(page: Page): string[] {
  const incidents: string[] = [];
  page.on('dialog', (dialog) => {
    incidents.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.context().on('page', (opened) => incidents.push(`new page ${opened.url()}`));
  page.on('pageerror', (error) => incidents.push(`error ${error.message}`));
  page.on('download', (download) => incidents.push(`download ${download.url()}`));
  page.on('request', (request) => {
    const isPages = request.isNavigationRequest() && request.frame() === page.mainFrame();
    if (isPages) incidents.push(`navigation ${request.url()}`);
  });
  return incidents;
}

/** Notes from now on what the page's frames want and no mail may ask for, even where a policy stops it. */
export function watchFrameRequests(page: Page): string[] {
  const requests: string[] = [];
  page.on('request', (request) => {
    if (request.frame() !== page.mainFrame() && !isExpected(request))
      requests.push(`request ${request.url()}`);
  });
  return requests;
}
