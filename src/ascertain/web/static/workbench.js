/* What the workbench's pages do beside being read: send forms without a whole new page, decide by one key, follow background work,
   draw over the timeline. Every page works without it. */
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("scripted");

  /* --- parts: forms and links marked data-part bring only the main part of a page */

  function main() { return document.getElementById("content"); }

  function take(html, url, push) {
    var page = new DOMParser().parseFromString(html, "text/html");
    var fresh = page.getElementById("content");
    if (!fresh) { location.assign(url); return; }
    main().replaceWith(document.importNode(fresh, true));
    document.title = page.title;
    if (push) history.pushState({ part: true }, "", url);
    ready();
  }

  function get(url, push) {
    main().classList.add("loading");
    return fetch(url, { headers: { "X-Ascertain-Part": "1" }, credentials: "same-origin" }).then(function (answer) {
      return answer.text().then(function (html) { take(html, answer.url, push); });
    }).catch(function () { location.assign(url); });
  }

  function send(form, button) {
    var data = new FormData(form);
    if (button && button.name) data.append(button.name, button.value);
    main().classList.add("loading");
    return fetch(form.action, { method: "POST", body: new URLSearchParams(data), headers: { "X-Ascertain-Part": "1" }, credentials: "same-origin" })
      .then(function (answer) {
        return answer.text().then(function (html) { take(html, answer.url, answer.redirected); main().focus({ preventScroll: true }); scrollTo(0, 0); });
      }).catch(function () { main().classList.remove("loading"); say("The workbench can't be reached. Nothing was sent twice; try again."); });
  }

  function say(words) {
    var told = document.createElement("p");
    told.className = "bad"; told.setAttribute("role", "alert"); told.textContent = words;
    main().prepend(told);
  }

  function queryOf(form) {
    var pairs = [];
    new FormData(form).forEach(function (value, name) { if (value !== "") pairs.push([name, value]); });
    return new URLSearchParams(pairs).toString();
  }

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.hasAttribute("data-part")) return;
    event.preventDefault();
    if (form.method === "post") send(form, event.submitter);
    else { var query = queryOf(form); get(form.action + (query ? "?" + query : ""), true); }
  });
  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a[data-part], .pager a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    get(link.href, true).then(function () { scrollTo(0, 0); });
  });
  addEventListener("popstate", function () { if (!location.hash) get(location.href, false); });

  /* --- filters are sent as soon as they are changed */

  document.addEventListener("change", function (event) {
    var form = event.target.form;
    if (form && form.id === "filter") form.requestSubmit();
  });

  /* --- review: one key a decision, a digit for a reason */

  function review() { return document.querySelector("[data-review]"); }

  function openPanel(kind) {
    var found = null;
    document.querySelectorAll(".panel").forEach(function (panel) {
      var on = panel.dataset.panel === kind && !panel.classList.contains("open");
      panel.classList.toggle("open", on);
      if (on) found = panel;
    });
    document.querySelectorAll("[data-opens]").forEach(function (button) {
      button.setAttribute("aria-expanded", String(!!found && button.dataset.opens === kind));
    });
    if (!found) return;
    var first = found.querySelector("input:not([type=hidden])");
    if (kind === "correct" && first) { first.focus(); first.select(); } else found.querySelector(".why button").focus();
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("[data-opens]");
    if (button) openPanel(button.dataset.opens);
  });
  document.addEventListener("keydown", function (event) {
    if (!review() || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") { openPanel(null); return; }
    if (event.target.matches("input:not([type=checkbox]), textarea, select")) return;
    var panel = document.querySelector(".panel.open");
    var wanted = panel && /^[1-9]$/.test(event.key) ? panel.querySelector('[data-digit="' + event.key + '"]') : null;
    if (!wanted && /^[a-z]$/.test(event.key)) wanted = document.querySelector('[data-key="' + event.key + '"]');
    if (!wanted || main().classList.contains("loading")) return;
    event.preventDefault();
    wanted.click();
  });

  /* --- background work: asked for again while it goes on */

  var polling = 0;
  function poll() {
    clearTimeout(polling);
    var work = document.querySelector("#work[data-poll]");
    if (!work) return;
    polling = setTimeout(function () {
      fetch(work.dataset.poll, { headers: { "X-Ascertain-Part": "1" }, credentials: "same-origin" }).then(function (answer) {
        if (!answer.ok) return;
        return answer.text().then(function (html) {
          var fresh = new DOMParser().parseFromString(html, "text/html").getElementById("work");
          if (!fresh || !work.isConnected) return;
          work.replaceWith(document.importNode(fresh, true));
          if (fresh.hasAttribute("data-poll")) poll(); else get(location.pathname + location.search, false);
        });
      }).catch(poll);
    }, 1000);
  }

  /* --- the timeline: days drawn over are the filter's */

  function brushable() {
    var svg = document.querySelector("#brush svg"), form = document.getElementById("filter");
    if (!svg || !form) return;
    document.getElementById("brushhelp").hidden = false;
    window.ascertainBrush(svg, function (first, last) {
      if (!first) return;
      form.elements.from.value = first;
      form.elements.to.value = last;
      form.requestSubmit();
    });
  }

  /* --- words marked in the text, as the words of a statement */

  function offsetOf(node, offset) {
    var part = node && (node.nodeType === 3 ? node.parentElement : node).closest("[data-s]");
    return part ? Number(part.dataset.s) + Array.from(part.textContent.slice(0, offset)).length : null;
  }

  function takers() {
    document.querySelectorAll("[data-take]").forEach(function (button) {
      button.hidden = false;
      button.addEventListener("mousedown", function (event) { event.preventDefault(); });
      button.addEventListener("click", function () {
        var marked = getSelection();
        if (!marked.rangeCount || marked.isCollapsed) return;
        var range = marked.getRangeAt(0);
        var start = offsetOf(range.startContainer, range.startOffset), end = offsetOf(range.endContainer, range.endOffset);
        if (start === null || end === null || start >= end) return;
        button.form.elements.start.value = start;
        button.form.elements.end.value = end;
      });
    });
  }

  /* --- pages of a PDF */

  function pages() {
    var box = document.querySelector("[data-pages]");
    if (!box) return;
    var picture = box.querySelector("img"), told = box.querySelector("[role=status]"), number = 1;
    box.querySelectorAll("[data-turn]").forEach(function (button) {
      button.hidden = false;
      button.addEventListener("click", function () {
        var wanted = number + Number(button.dataset.turn);
        if (wanted < 1) return;
        var fresh = new Image();
        fresh.onload = function () {
          number = wanted;
          picture.src = fresh.src;
          picture.alt = "Page " + number + " of the original, drawn";
          told.textContent = "page " + number;
        };
        fresh.onerror = function () { told.textContent = "page " + number + " is the last"; };
        fresh.src = box.dataset.pages + wanted + ".png";
      });
    });
  }

  function ready() {
    poll();
    brushable();
    pages();
    takers();
    document.dispatchEvent(new CustomEvent("ascertain:part"));
  }
  ready();
})();
