/** Functions that make a browser fetch something, and what old browsers ran. The CSSOM has undone any escapes. */
const fetches = /(?:url|image|image-set|src|cross-fade|element|paint|expression)\s*\(/i;
const remote = /\b(?:https?:)?\/\//gi;
const behaviours = new Set(['behavior', '-moz-binding']);

/** Told of each thing elsewhere that a style would have fetched. */
export type OnBlocked = (source: string) => void;

function isUnsafe(property: string, value: string): boolean {
  // A custom property keeps its text unread, so nothing can be said about it.
  if (property.startsWith('--') || behaviours.has(property)) return true;
  if (property === 'position' && /fixed|sticky/i.test(value)) return true;
  return fetches.test(value);
}

/** Takes out of a live declaration what could reach out of the mail; colours and shapes stay. */
export function wallStyle(style: CSSStyleDeclaration, onBlocked: OnBlocked): void {
  for (const property of [...style]) {
    const value = style.getPropertyValue(property);
    if (!isUnsafe(property, value)) continue;
    if (value.match(remote)) onBlocked(value);
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
