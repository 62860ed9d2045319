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
    if (kind === "correct" && first) { first.focus(); if (first.select) first.select(); } else found.querySelector(".why button").focus();
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

  /* --- marks in a text: what was read there, by click or from mark to mark by keys */

  function marks() {
    var text = document.querySelector("#marked[tabindex]"), told = document.getElementById("told");
    if (!text || !told) return;
    document.getElementById("markhelp").hidden = false;
    var read = [];
    document.querySelectorAll("details[data-kind] tbody tr").forEach(function (row) {
      var found = /#p-(\d+)-(\d+)$/.exec(row.querySelector("a") ? row.querySelector("a").hash : "");
      if (found) read.push({ kind: row.closest("details").dataset.kind, start: Number(found[1]), end: Number(found[2]), row: row });
    });

    function on(kind) { var box = document.getElementById("t-" + kind); return !box || box.checked; }

    function line(one) {
      var item = document.createElement("li"), name = document.createElement("strong");
      name.textContent = one.kind + ": ";
      item.appendChild(name);
      item.appendChild(document.createTextNode(Array.from(one.row.cells).map(function (cell, n) {
        return n ? cell.dataset.label.toLowerCase() + " " + cell.textContent.trim() : "“" + cell.textContent.trim().slice(0, 100) + "”";
      }).join(" · ")));
      var form = one.kind === "statement" && document.querySelector('.amend[data-start="' + one.start + '"]');
      if (form) {
        var link = document.createElement("a");
        link.href = "#" + form.id;
        link.textContent = "Amend it";
        link.addEventListener("click", function () { form.open = true; form.closest("section").querySelector("details").open = true; });
        item.append(" ", link);
      }
      return item;
    }

    function show(part) {
      text.querySelectorAll(".at").forEach(function (other) { other.classList.remove("at"); });
      var start = Number(part.dataset.s), end = Number(part.dataset.e), list = document.createElement("ul");
      read.filter(function (one) { return one.start < end && one.end > start && on(one.kind); }).forEach(function (one) { list.appendChild(line(one)); });
      part.classList.add("at");
      told.replaceChildren(list);
      told.hidden = !list.children.length;
      told.current = part;
    }

    function step(by) {
      var parts = Array.from(text.querySelectorAll(".m")).filter(function (part) {
        var shield = part.closest("details");
        return (!shield || shield.open) && read.some(function (one) { return on(one.kind) && one.start === Number(part.dataset.s); });
      });
      var next = parts[Math.min(parts.length - 1, Math.max(0, parts.indexOf(told.current) + by))];
      if (next) { show(next); next.scrollIntoView({ block: "center" }); }
    }

    text.addEventListener("click", function (event) {
      var part = event.target.closest(".m");
      if (part && getSelection().isCollapsed) show(part);
    });
    text.addEventListener("keydown", function (event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      var boxes = document.querySelectorAll(".toggles input");
      if (event.key === "n") step(1);
      else if (event.key === "p") step(-1);
      else if (boxes[Number(event.key) - 1]) boxes[Number(event.key) - 1].click();
      else return;
      event.preventDefault();
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
    marks();
    document.dispatchEvent(new CustomEvent("ascertain:part"));
  }
  ready();
})();
