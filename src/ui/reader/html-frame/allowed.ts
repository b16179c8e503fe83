/** The elements that a mail may be made of: text, lists, tables, pictures. Nothing that loads, asks or runs. */
export const allowedTags = [
  ...['a', 'abbr', 'address', 'article', 'aside', 'b', 'bdi', 'bdo', 'big', 'blockquote', 'br', 'caption'],
  ...['center', 'cite', 'code', 'col', 'colgroup', 'dd', 'del', 'details', 'dfn', 'div', 'dl', 'dt', 'em'],
  ...['figcaption', 'figure', 'font', 'footer', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'header', 'hr', 'i', 'img'],
  ...['ins', 'kbd', 'li', 'main', 'mark', 'nav', 'ol', 'p', 'pre', 'q', 'rp', 'rt', 'ruby', 's', 'samp'],
  ...['section', 'small', 'span', 'strike', 'strong', 'sub', 'summary', 'sup', 'table', 'tbody', 'td', 'tfoot'],
  ...['th', 'thead', 'time', 'tr', 'tt', 'u', 'ul', 'var', 'wbr'],
];

/** No id and no name: a mail must not be able to name anything (DOM clobbering). */
export const allowedAttributes = [
  ...['abbr', 'align', 'alt', 'axis', 'bgcolor', 'border', 'bordercolor', 'cellpadding', 'cellspacing', 'class'],
  ...['clear', 'color', 'colspan', 'compact', 'datetime', 'dir', 'face', 'headers', 'height', 'href', 'hspace'],
  ...['lang', 'link', 'noshade', 'nowrap', 'open', 'reversed', 'rowspan', 'rules', 'scope', 'size', 'span', 'src'],
  ...['start', 'style', 'summary', 'text', 'title', 'type', 'valign', 'value', 'vlink', 'vspace', 'width'],
];

/** Attributes that make a browser fetch a picture. Only `src` ever survives, and only with what is in the mail. */
export const pictureAttributes = new Set(['src', 'srcset', 'background', 'poster', 'lowsrc', 'dynsrc', 'data']);
