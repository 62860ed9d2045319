/* Drawing over a timeline: tells the days that lie under the stretch which was drawn. The report and the workbench share it. */
(function () {
  "use strict";
  var DAY = 86400000, LEAST = 4; /* pixels: less is a click */

  function scaleOf(svg) {
    return svg.dataset.scale.split(";").map(function (part) {
      var p = part.split(","), first = Date.parse(p[2]);
      return { x: Number(p[0]), width: Number(p[1]), first: first, days: (Date.parse(p[3]) - first) / DAY + 1 };
    });
  }

  /* chosen(first, last) gets ISO days, or two empty words where nothing was drawn; the answer's clear() takes the mark away. */
  window.ascertainBrush = function (svg, chosen) {
    var stretches = scaleOf(svg), start = null, mark = null;

    function dayAt(x) {
      var s = stretches[0];
      stretches.forEach(function (other) { if (x >= other.x) s = other; });
      var days = Math.min(s.days - 1, Math.max(0, Math.floor((x - s.x) / s.width * s.days)));
      return new Date(s.first + days * DAY).toISOString().slice(0, 10);
    }

    function at(event) {
      var box = svg.getBoundingClientRect();
      return (event.clientX - box.left) * svg.viewBox.baseVal.width / box.width;
    }

    function clear() { if (mark) mark.remove(); mark = null; }

    svg.addEventListener("pointerdown", function (event) {
      if (event.pointerType !== "mouse" || event.button !== 0 || event.target.closest("a")) return;
      clear();
      start = at(event);
      mark = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      mark.setAttribute("class", "brush");
      mark.setAttribute("y", svg.dataset.top);
      mark.setAttribute("height", Number(svg.dataset.bottom) - Number(svg.dataset.top));
      svg.appendChild(mark);
      svg.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    svg.addEventListener("pointermove", function (event) {
      if (start === null) return;
      var x = at(event);
      mark.setAttribute("x", Math.min(start, x));
      mark.setAttribute("width", Math.abs(x - start));
    });
    svg.addEventListener("pointerup", function (event) {
      if (start === null) return;
      var x = at(event), low = Math.min(start, x), high = Math.max(start, x);
      start = null;
      if (high - low < LEAST) { clear(); chosen("", ""); } else chosen(dayAt(low), dayAt(high));
    });
    return { clear: clear };
  };
})();
