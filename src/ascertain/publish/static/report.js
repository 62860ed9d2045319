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

  if (!timeline || !window.ascertainBrush) return;
  var brush = window.ascertainBrush(timeline, function (first, last) {
    form.elements.from.value = first;
    form.elements.to.value = last;
    filter();
  });
  form.addEventListener("reset", brush.clear);
})();
