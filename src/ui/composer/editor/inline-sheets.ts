function isStyleRule(rule: CSSRule): rule is CSSStyleRule {
  return 'selectorText' in rule && 'style' in rule;
}

function isStyled(element: Element): element is Element & ElementCSSInlineStyle {
  return 'style' in element;
}

function matches(root: ParentNode, selector: string): Element[] {
  try {
    return [...root.querySelectorAll(selector)];
  } catch {
    return [];
  }
}

/**
 * Writes what a mail's own sheets say onto its elements: quoted in another mail they would style that one too. Later
 * rules win, an element's own words win over all; specificity is not weighed, as mails hardly use it. What depends on
 * the window (media queries) is left out.
 */
export function inlineSheets(root: ParentNode, sheets: readonly CSSStyleSheet[]): void {
  const wanted = new Map<Element & ElementCSSInlineStyle, Map<string, string>>();
  for (const rule of sheets.flatMap((sheet) => [...sheet.cssRules])) {
    if (!isStyleRule(rule)) continue;
    for (const element of matches(root, rule.selectorText).filter(isStyled)) {
      const values = wanted.get(element) ?? new Map<string, string>();
      for (const property of rule.style) values.set(property, rule.style.getPropertyValue(property));
      wanted.set(element, values);
    }
  }
  for (const [element, values] of wanted) {
    for (const [property, value] of values) {
      if (element.style.getPropertyValue(property) === '') element.style.setProperty(property, value);
    }
  }
}
