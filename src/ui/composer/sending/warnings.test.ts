import { describe, expect, it } from 'vitest';
import { bigSize, saysAttached, warningsOf } from './warnings.ts';

describe('saying that a file is with the mail', () => {
  it.each([
    'I have attached the file.',
    'Please find ATTACHED',
    'Anbei die Rechnung',
    'Die Datei ist im Anhang.',
    'Der Vertrag liegt in der Anlage.',
    'Anlagen: zwei',
    'Ich habe den Plan beigefügt',
    'Vous trouverez ci-joint le contrat',
    'Te envío adjunto el contrato',
    'Segue em anexo',
    'In allegato trovi tutto',
    'Zie de bijlage',
    'Se bifogad fil',
    'W załączniku przesyłam',
    'Posílám přílohu',
    'Файл во вложении',
    'ekte gönderiyorum',
    '資料を添付します',
    '请看附件',
    '파일을 첨부합니다',
    'الملف مرفق',
    'הקובץ מצורף',
  ])('is heard in %j', (text) => {
    expect(saysAttached(text)).toBe(true);
  });

  it.each([
    'Nothing to see here',
    'Unsere Geldanlage',
    'Fine.\n\nOn 3 Nov, Ann wrote:\n> I have attached it',
    'Fine.\n-- \nWe are attached to you Ltd',
    'Look:\n> attached\nnothing',
  ])('is not heard in %j', (text) => {
    expect(saysAttached(text)).toBe(false);
  });
});

describe('what is asked about before sending', () => {
  const content = { subject: 's', text: 't', html: null };
  const noFiles = { count: 0, size: 0 };

  it('is nothing where nothing seems forgotten', () => {
    expect(warningsOf(content, noFiles)).toEqual([]);
    expect(warningsOf({ ...content, text: 'attached' }, { count: 1, size: 1 })).toEqual([]);
  });

  it('is each thing that may be', () => {
    expect(warningsOf({ ...content, subject: ' ' }, noFiles)).toEqual(['subject']);
    expect(warningsOf({ ...content, text: '\n' }, noFiles)).toEqual(['empty']);
    expect(warningsOf({ ...content, subject: 'The attached plan' }, noFiles)).toEqual(['attachment']);
    expect(warningsOf(content, { count: 1, size: bigSize + 1 })).toEqual(['big']);
  });

  it('takes a picture for content and for what was to be attached', () => {
    expect(warningsOf({ ...content, text: '', html: '<img src="cid:a">' }, noFiles)).toEqual([]);
    expect(warningsOf({ ...content, text: 'attached', html: '<p>See <IMG src="a"></p>' }, noFiles)).toEqual(
      [],
    );
  });

  const picture = '<div><img alt="a > b" src="cid:a"></div>';
  it.each([
    ['a signature', `<div class="mailroom-signature">${picture}</div>`],
    ['a quoted mail', `<div class="mailroom-quote">${picture}<p>x</p>${picture}</div>`],
    ['quoted words', `<blockquote type="cite">${picture}<blockquote>x</blockquote>${picture}</blockquote>`],
  ])('takes no picture in %s for it', (_where, block) => {
    const html = `<p>attached</p>${block}`;
    expect(warningsOf({ ...content, text: 'attached', html }, noFiles)).toEqual(['attachment']);
    expect(warningsOf({ ...content, text: '', html: block }, noFiles)).toEqual(['empty']);
    expect(warningsOf({ ...content, text: 'attached', html: html + picture }, noFiles)).toEqual([]);
  });
});
