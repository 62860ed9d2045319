/* What pages do beside being read: show a passage that an address names; filter incidents by status, type, words and days. */
(function () {
  "use strict";

  /* --- passages: #p-START-END, offsets of the original text */

  function showPassage() {
    var found = /^#p-(\d+)-(\d+)$/.exec(location.hash);
    var text = document.getElementById("marked");
    if (!text) return;
    text.querySelectorAll(".hit").forEach(function (part) { part.classList.remove("hit"); });
    if (!found) return;
    var start = Number(found[1]), end = Number(found[2]), first = null;
    text.querySelectorAll("[data-s]").forEach(function (part) {
      if (Number(part.dataset.s) < end && Number(part.dataset.e) > start) {
        part.classList.add("hit");
        first = first || part;
      }
    });
    if (!first) return;
    var shield = first.closest("details");
    if (shield) shield.open = true;
    first.tabIndex = -1;
    first.focus({ preventScroll: true });
    first.scrollIntoView({ block: "center" });
  }

  window.addEventListener("hashchange", showPassage);
  showPassage();

  /* --- filters */

  var form = document.getElementById("filters"), list = document.getElementById("incidents");
  if (!form || !list) return;
  var items = Array.prototype.slice.call(list.querySelectorAll("li[data-id]"));
  var timeline = document.getElementById("timeline");
  var count = document.getElementById("shown");
  items.forEach(function (item) { item.words = item.textContent.toLocaleLowerCase(); });

  function wanted() {
    var data = new FormData(form);
    return {
      status: data.getAll("status"), type: data.get("type"), from: data.get("from"), to: data.get("to"),
      words: data.get("words").toLocaleLowerCase().split(/\s+/).filter(Boolean)
    };
  }

  function fits(item, want) {
    var d = item.dataset;
    return want.status.indexOf(d.status) >= 0 && (!want.type || d.type === want.type) &&
      (!want.from || (d.last && d.last >= want.from)) && (!want.to || (d.first && d.first <= want.to)) &&
      want.words.every(function (word) { return item.words.indexOf(word) >= 0; });
  }

  function filter() {
    var want = wanted(), shown = new Set();
    items.forEach(function (item) {
      item.hidden = !fits(item, want);
      if (!item.hidden) shown.add(item.dataset.id);
    });
    if (timeline) timeline.querySelectorAll("a[data-incident]").forEach(function (bar) {
      var off = !shown.has(bar.dataset.incident);
      bar.classList.toggle("off", off);
      if (off) bar.setAttribute("tabindex", "-1"); else bar.removeAttribute("tabindex");
    });
    count.textContent = shown.size === items.length ? "All " + items.length + " incidents shown." : shown.size + " of " + items.length + " incidents shown.";
    document.dispatchEvent(new CustomEvent("ascertain:shown", { detail: shown }));
  }

  function fromAddress() {
    var found = /^#status=(\w+)$/.exec(location.hash);
    if (!found) return;
    form.querySelectorAll("input[name=status]").forEach(function (box) { box.checked = box.value === found[1]; });
    filter();
  }

  form.hidden = false;
  form.addEventListener("input", filter);
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  form.addEventListener("reset", function () { setTimeout(filter, 0); });
  window.addEventListener("hashchange", fromAddress);
  fromAddress();

  /* --- brushing the timeline sets the days of the filter; the two fields do the same by keyboard */

  if (!timeline) return;
  var DAY = 86400000;
  var stretches = timeline.dataset.scale.split(";").map(function (part) {
    var p = part.split(",");
    var first = Date.parse(p[2]), last = Date.parse(p[3]);
    return { x: Number(p[0]), width: Number(p[1]), first: first, days: (last - first) / DAY + 1 };
  });

  function dayAt(x) {
    var s = stretches[0];
    stretches.forEach(function (other) { if (x >= other.x) s = other; });
    var days = Math.min(s.days - 1, Math.max(0, Math.floor((x - s.x) / s.width * s.days)));
    return new Date(s.first + days * DAY).toISOString().slice(0, 10);
  }

  function at(event) {
    var box = timeline.getBoundingClientRect();
    return (event.clientX - box.left) * timeline.viewBox.baseVal.width / box.width;
  }

  var start = null, brush = null;
  timeline.addEventListener("pointerdown", function (event) {
    if (event.pointerType !== "mouse" || event.button !== 0 || event.target.closest("a")) return;
    start = at(event);
    if (brush) brush.remove();
    brush = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    brush.setAttribute("class", "brush");
    brush.setAttribute("y", timeline.dataset.top);
    brush.setAttribute("height", Number(timeline.dataset.bottom) - Number(timeline.dataset.top));
    timeline.appendChild(brush);
    timeline.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  timeline.addEventListener("pointermove", function (event) {
    if (start === null) return;
    var x = at(event);
    brush.setAttribute("x", Math.min(start, x));
    brush.setAttribute("width", Math.abs(x - start));
  });
  timeline.addEventListener("pointerup", function (event) {
    if (start === null) return;
    var x = at(event), low = Math.min(start, x), high = Math.max(start, x);
    start = null;
    form.elements.from.value = high - low < 4 ? "" : dayAt(low);
    form.elements.to.value = high - low < 4 ? "" : dayAt(high);
    if (high - low < 4) brush.remove();
    filter();
  });
  form.addEventListener("reset", function () { if (brush) brush.remove(); });
})();
