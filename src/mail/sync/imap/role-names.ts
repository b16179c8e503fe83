import type { MailboxRole } from '#db/schema.ts';

/**
 * Names that mail programs and providers give to the mailboxes they make for a role, in their users' languages: only
 * what the library's own table lacks, and none that people would call another mailbox by.
 */
const names: readonly (readonly [MailboxRole, readonly string[]])[] = [
  [
    'sent',
    [
      'Envoyé, Courrier envoyé, Objets envoyés, Correo enviado, Elements enviats',
      'Verstuurd, Skickade, Skickade objekt, Nosūtītie, Išsiųsta, Poslane stavke, Senditaj',
      'Gönderilenler, Gönderilmiş Postalar, Σταλμένα, Відправлені, Надіслані елементи',
      '已發送, 已傳送郵件, 寄件匣, 已寄出, 보낸편지함, 보낸메일함, 보낸 메일함, 보낸 항목',
      'العناصر المرسلة, الرسائل المرسلة, דואר שנשלח, จดหมายที่ส่งแล้ว',
    ],
  ],
  [
    'drafts',
    [
      'Entwurf, Brouillon, Rascunho, Bozza, Schițe',
      'Bản nháp, Nháp, จดหมายร่าง, 草稿夾, 임시보관함, 임시편지함',
    ],
  ],
  [
    'trash',
    [
      'Messages supprimés, Papelera de reciclaje, Eliminados, Prullenmand, Verwijderd, Papirkurven',
      'Odstránené položky, Coș, Koš za smeće, Отпад, Silinen Öğeler, Κάδος, Sampah, Item Terhapus',
      '已删除, 已刪除的郵件, 지운편지함, 삭제된 항목, سلة المهملات, ट्रैश',
    ],
  ],
  [
    'junk',
    [
      'Spamverdacht, Unerwünscht, Unerwünschte Werbung, Ongewenste reclame',
      'Correio electrónico não solicitado, Нежељена пошта, 垃圾箱, スパム, スパムメール',
      '스팸편지함, 스팸메일함, البريد العشوائي, بريد غير هام, ספאם, จดหมายขยะ',
    ],
  ],
  ['archive', ['Αρχείο, 보관 메일함']],
];

function comparable(name: string): string {
  return name.normalize('NFKC').toLowerCase().trim();
}

const roleOfName = new Map(
  names.flatMap(([role, lines]) =>
    lines.flatMap((line) => line.split(', ').map((name) => [comparable(name), role] as const)),
  ),
);

/** The role that a mailbox's name tells of, where the library knows it not. Pure. */
export function roleByName(name: string): MailboxRole | null {
  return roleOfName.get(comparable(name)) ?? null;
}
