/**
 * The functions that a mail's styles may call: colours, sums, gradients, shapes, movements. None of them fetches. All
 * others are refused, and with them those that put one value in another's place (`var`, `env`, `attr`, `if`, …): a value
 * with one of them stays unread until it is used, as it was written.
 */
const functions = new Set(
  `rgb rgba hsl hsla hwb lab lch oklab oklch color color-mix light-dark
  calc min max clamp minmax repeat fit-content counter counters
  linear-gradient radial-gradient conic-gradient repeating-linear-gradient repeating-radial-gradient
  repeating-conic-gradient -webkit-linear-gradient -webkit-radial-gradient -webkit-gradient from to color-stop
  rect inset circle ellipse polygon cubic-bezier steps
  translate translatex translatey rotate scale scalex scaley skew skewx skewy matrix
  blur brightness contrast drop-shadow grayscale hue-rotate invert opacity saturate sepia`.split(/\s+/),
);
const calls = /([^\s(),/*+:;]*)\(/g;
const remote = /\b(?:https?:)?\/\//i;
const behaviours = new Set(['behavior', '-moz-binding']);

/** Told of each thing elsewhere that a style would have fetched. */
export type OnBlocked = (source: string) => void;

/** Whether every call in a value is of a function that may be called; a bracket without a name only groups. */
function callsKnown(value: string): boolean {
  return [...value.matchAll(calls)].every(
    ([, name = '']) => name === '' || functions.has(name.toLowerCase()),
  );
}

function isUnsafe(property: string, value: string): boolean {
  // A custom property keeps its text unread, so nothing can be said about it. A longhand without a value is part of a
  // shorthand that is unread as a whole.
  if (property.startsWith('--') || behaviours.has(property) || value === '') return true;
  if (property === 'position' && /fixed|sticky/i.test(value)) return true;
  // What the CSSOM has read it writes without escapes, but for odd names and quotes.
  return value.includes('\\') || !callsKnown(value);
}

/** Takes out of a live declaration what could reach out of the mail; colours and shapes stay. */
export function wallStyle(style: CSSStyleDeclaration, onBlocked: OnBlocked): void {
  const whole = style.cssText;
  for (const property of [...style]) {
    const value = style.getPropertyValue(property);
    if (!isUnsafe(property, value)) continue;
    const source = value === '' ? whole : value;
    if (remote.test(source)) onBlocked(source);
    style.removeProperty(property);
  }
}

interface RuleList {
  readonly cssRules: CSSRuleList;
  deleteRule(index: number): void;
}

function isGroup(rule: CSSRule): rule is CSSGroupingRule & { conditionText: string } {
  return 'cssRules' in rule && 'conditionText' in rule && !('selectorText' in rule);
}

function isStyleRule(rule: CSSRule): rule is CSSStyleRule {
  return 'selectorText' in rule && 'style' in rule;
}

/** A mail is shown on a light sheet for now: what it has for dark ones would be light on light. */
function isForDark(condition: string): boolean {
  return /prefers-color-scheme\s*:\s*dark/i.test(condition);
}

/** Whether a rule may stay, once what is in it was walled. Only plain rules and conditions on them do. */
function wallRule(rule: CSSRule, onBlocked: OnBlocked): boolean {
  if (isStyleRule(rule)) {
    wallStyle(rule.style, onBlocked);
    for (let index = rule.cssRules.length - 1; index >= 0; index -= 1) rule.deleteRule(index);
    return true;
  }
  if (!isGroup(rule) || isForDark(rule.conditionText)) return false;
  wallRules(rule, onBlocked);
  return true;
}

/** Walls the rules of a live sheet in place. @import, @font-face, @keyframes, @layer and all else is dropped. */
export function wallRules(list: RuleList, onBlocked: OnBlocked): void {
  for (let index = list.cssRules.length - 1; index >= 0; index -= 1) {
    const rule = list.cssRules[index];
    if (rule && !wallRule(rule, onBlocked)) list.deleteRule(index);
  }
}
