export type Person = { name: string; address: string };

export const ANNA: Person = { name: 'Anna Lindqvist', address: 'anna@demo.example' };
export const BEN: Person = { name: 'Ben Okafor', address: 'ben@demo.example' };

/** Whose accounts the demo mail server holds: the first belongs to the ordinary user, the second to the admin. */
export const DEMO_PEOPLE: readonly Person[] = [ANNA, BEN];

export const MIRA: Person = { name: 'Mira Sato', address: 'mira@northwind.example' };
export const JONAS: Person = { name: 'Jonas Weber', address: 'jonas.weber@weber-druck.example' };
export const PRIYA: Person = { name: 'Priya Raman', address: 'priya@northwind.example' };
export const TOMAS: Person = { name: 'Tomáš Dvořák', address: 'tomas@okno.example' };
export const ELENA: Person = { name: 'Елена Соколова', address: 'elena@sokolova.example' };
export const HARUTO: Person = { name: '田中 陽翔', address: 'haruto@tanaka.example' };
export const LAYLA: Person = { name: 'ليلى حداد', address: 'layla@haddad.example' };
export const CLARA: Person = { name: 'Clara Lindqvist', address: 'clara.lindqvist@family.example' };
