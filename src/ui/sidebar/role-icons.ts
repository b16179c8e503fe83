import Archive from 'lucide-react/icons/archive';
import File from 'lucide-react/icons/file';
import Folder from 'lucide-react/icons/folder';
import Inbox from 'lucide-react/icons/inbox';
import Mailbox from 'lucide-react/icons/mailbox';
import OctagonAlert from 'lucide-react/icons/octagon-alert';
import Send from 'lucide-react/icons/send';
import Star from 'lucide-react/icons/star';
import Trash from 'lucide-react/icons/trash-2';
import type { Role } from '#api/views.ts';
import type { IconShape } from '#ui/kit/icon.tsx';

const icons: Record<Role, IconShape> = {
  inbox: Inbox,
  flagged: Star,
  drafts: File,
  sent: Send,
  archive: Archive,
  junk: OctagonAlert,
  trash: Trash,
  all: Mailbox,
};

export function iconOfRole(role: Role | null): IconShape {
  return role === null ? Folder : icons[role];
}
