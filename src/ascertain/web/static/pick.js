/* A point chosen on a map: a click says where, the circle how many kilometres it may be off. The map's scripts are asked for only when
   somebody opens it. Without it, the field beside it takes the same. */
(function () {
  "use strict";
  var DEFAULT_KM = 5;

  function script(address) {
    return new Promise(function (done, failed) {
      if (document.querySelector('script[src="' + address + '"]')) { done(); return; }
      var made = document.createElement("script");
      made.src = address;
      made.onload = done;
      made.onerror = failed;
      document.head.appendChild(made);
    });
  }

  function style(address) {
    if (document.querySelector('link[href="' + address + '"]')) return;
    var made = document.createElement("link");
    made.rel = "stylesheet";
    made.href = address;
    document.head.appendChild(made);
  }

  function open(box) {
    if (box.dataset.drawn) return;
    box.dataset.drawn = "1";
    style(box.dataset.style);
    box.dataset.scripts.split(" ").reduce(function (before, address) { return before.then(function () { return script(address); }); }, Promise.resolve())
      .then(function () { draw(box); });
  }

  function draw(box) {
    var map = window.ascertainMap(box), field = box.closest("form").elements.point, circle = null;
    if (!map) return;
    if (box.dataset.lat) {
      var known = [Number(box.dataset.lat), Number(box.dataset.lon)];
      L.circle(known, { radius: 1000 * Number(box.dataset.radius), className: "m-circle s-alleged", interactive: false }).addTo(map);
      map.setView(known, 8, { animate: false });
    }
    var named = Array.from(document.querySelectorAll("input[name=chosen]")).map(function (input) {
      return [input.parentElement.textContent.split(",")[0].trim(), Number(input.dataset.lat), Number(input.dataset.lon), 1];
    });
    window.ascertainLabels(map, named, function () { return []; }, function () { return 0; })();

    function show() {
      var parts = field.value.split(",").map(Number);
      if (circle) circle.remove();
      circle = null;
      if (parts.length !== 3 || parts.some(isNaN) || parts[2] <= 0) return;
      circle = L.circle([parts[0], parts[1]], { radius: parts[2] * 1000, className: "m-area", interactive: false }).addTo(map);
    }

    map.on("click", function (event) {
      var km = Number(field.value.split(",")[2]) || DEFAULT_KM, point = event.latlng.wrap();
      field.value = point.lat.toFixed(4) + "," + point.lng.toFixed(4) + "," + km;
      show();
    });
    field.addEventListener("input", show);
    show();
  }

  document.addEventListener("toggle", function (event) {
    var box = event.target.open && event.target.querySelector && event.target.querySelector("#pick");
    if (box) open(box);
  }, true);

  document.addEventListener("ascertain:part", function () {
    var first = document.querySelector(".panel.open [data-first]");
    if (first) { first.checked = true; first.focus(); }
  });
})();
