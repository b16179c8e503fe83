import { expect, it } from 'vitest';
import { listNames } from '#mail/sync/imap/listing.ts';
import { startDovecot } from '../tests/setup/dovecot.ts';
import { userOf } from '../tests/worker/account.ts';
import { atEnd, otherClient } from './testing.ts';

const roles = ['sent', 'drafts', 'trash', 'junk', 'archive'] as const;
const ownNames = ['Drafts', 'Sent', 'Archive', 'Junk', 'Trash'];
// A server that says nothing of roles, and makes no mailbox by itself.
const dovecot = await startDovecot({
  capability: 'IMAP4rev1 IDLE UIDPLUS NAMESPACE LITERAL+',
  extra: `namespace inbox {\n${ownNames.map((name) => `mailbox ${name} {\nauto = no\n}`).join('\n')}\n}\n`,
});
atEnd(() => dovecot.stop());

/** As programs and providers of each language name them: sent, drafts, trash, junk, archive. */
it.each([
  ['English', 'Sent, Drafts, Trash, Spam, Archive'],
  ['English, Outlook', 'Sent Items, Drafts, Deleted Items, Junk Email, Archive'],
  ['English, Apple', 'Sent Messages, Drafts, Deleted Messages, Junk, Archive'],
  ['English, Yahoo', 'Sent, Draft, Bin, Bulk Mail, Archive'],
  ['German', 'Gesendet, Entwürfe, Papierkorb, Spam, Archiv'],
  ['German, Outlook', 'Gesendete Elemente, Entwürfe, Gelöschte Elemente, Junk-E-Mail, Archiv'],
  ['German, GMX', 'Gesendet, Entwurf, Gelöscht, Spamverdacht, Archiv'],
  ['French', 'Envoyés, Brouillons, Corbeille, Indésirables, Archives'],
  ['French, Outlook', 'Éléments envoyés, Brouillons, Éléments supprimés, Courrier indésirable, Archive'],
  ['French, Orange', 'Objets envoyés, Brouillon, Corbeille, Pourriel, Archives'],
  ['Spanish', 'Enviados, Borradores, Papelera, Correo no deseado, Archivo'],
  ['Spanish, Outlook', 'Elementos enviados, Borradores, Elementos eliminados, No deseado, Archivo'],
  ['Portuguese', 'Enviados, Rascunhos, Lixeira, Spam, Arquivo'],
  ['Portuguese, Outlook', 'Itens Enviados, Rascunhos, Itens Excluídos, Lixo Eletrônico, Arquivo'],
  ['Italian', 'Posta inviata, Bozze, Cestino, Posta indesiderata, Archivio'],
  ['Dutch', 'Verzonden, Concepten, Prullenbak, Ongewenst, Archief'],
  ['Dutch, Outlook', 'Verzonden items, Concepten, Verwijderde items, Ongewenste e-mail, Archief'],
  ['Dutch, webmail', 'Verstuurd, Concepten, Prullenmand, Ongewenste reclame, Archief'],
  ['Swedish', 'Skickat, Utkast, Papperskorgen, Skräppost, Arkiv'],
  ['Danish', 'Sendt, Kladder, Papirkurv, Uønsket e-mail, Arkiv'],
  ['Norwegian', 'Sendte elementer, Utkast, Papirkurven, Søppelpost, Arkiv'],
  ['Finnish', 'Lähetetyt, Luonnokset, Roskakori, Roskaposti, Arkisto'],
  ['Polish', 'Wysłane, Szkice, Kosz, Spam, Archiwum'],
  ['Polish, Outlook', 'Elementy wysłane, Wersje robocze, Elementy usunięte, Wiadomości-śmieci, Archiwum'],
  ['Czech', 'Odeslaná pošta, Koncepty, Koš, Nevyžádaná pošta, Archiv'],
  ['Slovak', 'Odoslaná pošta, Koncepty, Odstránené položky, Nevyžiadaná pošta, Archív'],
  ['Hungarian', 'Elküldött elemek, Piszkozatok, Törölt elemek, Levélszemét, Archívum'],
  ['Romanian', 'Trimise, Schițe, Coș, Spam, Arhivă'],
  ['Serbian', 'Послато, Нацрти, Отпад, Нежељена пошта, Архива'],
  ['Russian', 'Отправленные, Черновики, Корзина, Спам, Архив'],
  ['Russian, Outlook', 'Отправленные, Черновики, Удаленные, Нежелательная почта, Архив'],
  ['Ukrainian', 'Надіслані, Чернетки, Кошик, Спам, Архів'],
  ['Turkish', 'Gönderilenler, Taslaklar, Çöp Kutusu, İstenmeyen, Arşiv'],
  ['Greek', 'Απεσταλμένα, Πρόχειρα, Κάδος απορριμμάτων, Ανεπιθύμητα, Αρχείο'],
  ['Chinese, simplified', '已发送, 草稿箱, 已删除, 垃圾邮件, 归档'],
  ['Chinese, QQ', '已发送, 草稿箱, 已删除, 垃圾箱, 存档'],
  ['Chinese, traditional', '寄件備份, 草稿, 垃圾桶, 垃圾郵件, 封存'],
  ['Chinese, traditional, Outlook', '寄件匣, 草稿夾, 已刪除的郵件, 垃圾郵件, 封存'],
  ['Japanese', '送信済み, 下書き, ゴミ箱, 迷惑メール, アーカイブ'],
  ['Japanese, Outlook', '送信済みアイテム, 下書き, 削除済みアイテム, 迷惑メール, アーカイブ'],
  ['Korean', '보낸편지함, 임시보관함, 휴지통, 스팸, 보관함'],
  ['Korean, Naver', '보낸메일함, 임시보관함, 휴지통, 스팸메일함, 보관 메일함'],
  ['Arabic', 'العناصر المرسلة, مسودات, سلة المهملات, البريد العشوائي, أرشيف'],
  ['Hebrew', 'דואר שנשלח, טיוטות, אשפה, דואר זבל, ארכיון'],
  ['Vietnamese', 'Đã gửi, Thư nháp, Thùng rác, Thư rác, Lưu trữ'],
  ['Indonesian', 'Terkirim, Draf, Sampah, Spam, Arsip'],
  ['Thai', 'ส่งแล้ว, ร่าง, ถังขยะ, จดหมายขยะ, ที่เก็บถาวร'],
])('roles are found by name in %s', async (_language, line) => {
  const names = line.split(', ');
  const client = await otherClient(userOf(dovecot));
  for (const name of ['Project', ...names]) await client.mailboxCreate(name);
  const listed = await listNames(client, 5000);
  const found = listed.flatMap(({ remoteId, role }) => (role === null ? [] : [[role, remoteId]]));
  expect(new Map(found.map(([role, remoteId]) => [role, remoteId]))).toEqual(
    new Map([['inbox', 'INBOX'], ...roles.map((role, at): [string, string] => [role, names[at]!])]),
  );
  expect(found).toHaveLength(roles.length + 1);
});
