import { getParser } from 'bowser';
import { useTranslations } from 'use-intl';

/** What a person would call the browser of a User-Agent header, such as "Firefox" and "Linux"; null for what is not known. */
export function browserName(userAgent: string): { browser: string | null; system: string | null } {
  if (userAgent === '') return { browser: null, system: null };
  const parser = getParser(userAgent);
  return { browser: parser.getBrowserName() || null, system: parser.getOSName() || null };
}

/** Says it in the person's words. */
export function useBrowserName(): (userAgent: string) => string {
  const t = useTranslations('settings');
  return (userAgent) => {
    const { browser, system } = browserName(userAgent);
    return browser !== null && system !== null
      ? t('browserOn', { browser, system })
      : (browser ?? system ?? t('unknownBrowser'));
  };
}
