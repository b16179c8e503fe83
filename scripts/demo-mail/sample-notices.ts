import { printPage } from './sample-attachments.ts';
import type { SampleMessage } from './sample-message.ts';
import { ANNA, BEN, type Person } from './sample-people.ts';

const SHOP: Person = { name: 'Papierladen', address: 'bestellung@papierladen.example' };
const BUILDS: Person = { name: 'Builds', address: 'builds@northwind.example' };
const TRAINS: Person = { name: 'Nordbahn', address: 'tickets@nordbahn.example' };
const LIBRARY: Person = { name: 'City Library', address: 'desk@library.example' };

const GOODS = [
  'drawing paper, A2',
  'ink, black',
  'brass rulers',
  'folders, grey',
  'masking tape',
  'pencils, 2H',
  'glue, acid-free',
  'map pins',
];
const PLACES = ['Malmö', 'Göttingen', 'Brno', 'Ålesund', 'Kraków', 'Zürich'];
const BOOKS = [
  'The Timeless Way of Building',
  'A Pattern Language',
  'Invisible Cities',
  'The Craftsman',
  'Små ting',
];

/** Mails that machines write, enough of them to fill a list: orders, tickets, builds, loans. */
export function noticesFor(reader: Person): SampleMessage[] {
  const shared = [...orders(reader), ...journeys(reader)];
  if (reader.address === BEN.address) return [...shared, ...builds(reader)];
  return reader.address === ANNA.address ? [...shared, ...loans(reader)] : shared;
}

function orders(reader: Person): SampleMessage[] {
  return GOODS.map((goods, index) => {
    const number = 40_312 + index * 17;
    return {
      key: `order-${index}-${reader.address}`,
      from: SHOP,
      to: [reader],
      subject: `Your order ${number}: ${goods}`,
      daysAgo: 4 + index * 11,
      hour: 14 + (index % 5) * 0.7,
      text: `Hello ${reader.name.split(' ')[0]},\n\nyour order ${number} (${goods}) has left our house. Follow it here:\nhttps://papierladen.example/track/${number}\n\nThe invoice is attached.\n`,
      attachments: [
        {
          filename: `invoice-${number}.pdf`,
          contentType: 'application/pdf',
          content: printPage([
            `Invoice ${number}`,
            '',
            `1 x ${goods}`,
            `Total: ${(12.5 + index * 3).toFixed(2)} EUR`,
          ]),
        },
      ],
    };
  });
}

function journeys(reader: Person): SampleMessage[] {
  return PLACES.map((place, index) => ({
    key: `train-${index}-${reader.address}`,
    from: TRAINS,
    to: [reader],
    subject: `Ticket to ${place}`,
    daysAgo: 8 + index * 15,
    hour: 6.3,
    html: `<p style="font-family:sans-serif">Your journey to <strong style="color:#b3261e">${place}</strong></p><table border="1" cellpadding="6" style="border-collapse:collapse"><tr><th>Coach</th><th>Seat</th><th>Leaves</th></tr><tr><td>${3 + index}</td><td>${21 + index * 4}</td><td>07:${10 + index * 6}</td></tr></table><p>Have a good journey!</p>`,
  }));
}

function builds(reader: Person): SampleMessage[] {
  return Array.from({ length: 26 }, (_, index) => {
    const isRed = index % 6 === 2;
    return {
      key: `build-${index}`,
      from: BUILDS,
      to: [reader],
      subject: `[search] Build ${980 - index} ${isRed ? 'failed' : 'passed'}`,
      daysAgo: Math.floor(index * 1.7),
      hour: 1.2 + (index % 4),
      text: isRed
        ? `Build ${980 - index} failed after 4 min 12 s.\n\n  FAIL  index/merge.test\n    expected 61 to be below 50\n\nhttps://builds.northwind.example/search/${980 - index}\n`
        : `Build ${980 - index} passed: 1,${204 + index} tests in 3 min ${50 - index} s.\n\nhttps://builds.northwind.example/search/${980 - index}\n`,
    };
  });
}

function loans(reader: Person): SampleMessage[] {
  return BOOKS.map((book, index) => ({
    key: `loan-${index}`,
    from: LIBRARY,
    to: [reader],
    subject: `Due soon: ${book}`,
    daysAgo: 5 + index * 19,
    hour: 7.75,
    text: `Dear reader,\n\n"${book}" is due in three days. You can renew it at https://library.example/renew?loan=${7001 + index}.\n\nYour City Library\n`,
  }));
}
