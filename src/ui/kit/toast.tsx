'use client';

import { Toaster as Sonner, toast as sonner } from 'sonner';
import { Kbd } from './kbd.tsx';
import styles from './toast.module.css';

export interface ToastContent {
  /** A second toast with the same id takes the first one's place. */
  id?: string;
  title: string;
  detail?: string | undefined;
  action?: { label: string; shownKey?: string; run: () => void };
  /** Milliseconds that it stays. */
  duration: number;
}

/** Says something that has happened, bottom left, politely to screen readers. Returns its id. */
export function showToast(content: ToastContent): string | number {
  const { action } = content;
  return sonner.custom(
    (id) => (
      <div className={styles.toast}>
        <span className={styles.words}>
          {content.title}
          {content.detail && <small>{content.detail}</small>}
        </span>
        {action && (
          <button
            type="button"
            className={styles.button}
            onClick={() => {
              sonner.dismiss(id);
              action.run();
            }}
          >
            {action.label}
            {action.shownKey && <Kbd>{action.shownKey}</Kbd>}
          </button>
        )}
      </div>
    ),
    { duration: content.duration, ...(content.id === undefined ? {} : { id: content.id }) },
  );
}

export function hideToast(id: string | number): void {
  sonner.dismiss(id);
}

/** Pixels: right of the side bar, whose foot says how fresh the page is. */
const besideSideBar = 260;

/** The place where toasts appear; once per page. */
export function Toaster({ label }: { label: string }) {
  return (
    <Sonner
      position="bottom-left"
      offset={{ left: besideSideBar, bottom: 20 }}
      mobileOffset={{ bottom: 88, left: 16, right: 16 }}
      containerAriaLabel={label}
    />
  );
}
