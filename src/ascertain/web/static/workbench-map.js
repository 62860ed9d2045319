/* The map of the incidents that the filter leaves: one circle a place, as large as it is uncertain, with the worst status's shape and a
   count; areas drawn on it become the filter's, and so stand in the address. */
(function () {
  "use strict";
  var SHAPES = { alleged: "○", corroborated: "◐", contested: "◇", established: "●", refuted: "⊘" };
  var ORDER = ["contested", "established", "corroborated", "alleged", "refuted"];
  var NEAR_PIXELS = 12, MOST_CORNERS = 60;

  function draw() {
    var box = document.getElementById("map");
    if (!box || box.dataset.drawn || !window.ascertainMap) return;
    var map = window.ascertainMap(box);
    if (!map) return;
    box.dataset.drawn = "1";
    var area = shownArea(map, box.dataset.area);
    fetch(box.dataset.spots, { credentials: "same-origin" }).then(function (answer) { return answer.json(); }).then(function (spots) {
      show(map, spots, area);
      window.ascertainLabels(map, spots.map(function (s) { return [s.place, s.lat, s.lon, s.n]; }),
        function () { return spots.map(function (s) { return [s.lat, s.lon]; }); }, function () { return 0; })();
    });
    tools(map);
  }

  function shownArea(map, words) {
    if (!words) return null;
    var corners = words.split(";").map(function (corner) { return corner.split(",").map(Number); });
    return L.polygon(corners, { className: "m-area", interactive: false }).addTo(map);
  }

  function worst(by) { return ORDER.find(function (status) { return by[status]; }) || "alleged"; }

  function show(map, spots, area) {
    var bounds = area ? area.getBounds() : L.latLngBounds([]);
    spots.forEach(function (spot) {
      var point = [spot.lat, spot.lon], status = worst(spot.by);
      if (!area) bounds.extend(point);
      L.circle(point, { radius: spot.radius_km * 1000, className: "m-circle s-" + status, interactive: false }).addTo(map);
      var pin = document.createElement("span");
      pin.className = "m-pin s-" + status;
      pin.textContent = SHAPES[status];
      if (spot.n > 1) {
        var count = document.createElement("span");
        count.className = "m-count";
        count.textContent = spot.n;
        pin.appendChild(count);
      }
      var title = spot.n > 1 ? spot.place + ": " + spot.n + " incidents" : spot.title + " (" + status + ")";
      L.marker(point, { icon: L.divIcon({ html: pin, className: "", iconSize: [28, 28], iconAnchor: [14, 14] }), title: title, alt: title, riseOnHover: true })
        .on("click keypress", function (event) {
          if (event.type === "keypress" && event.originalEvent.key !== "Enter") return;
          if (spot.n === 1) { location.assign("/incident/" + encodeURIComponent(spot.id)); return; }
          filter({ box: corners(L.latLngBounds([[spot.lat - 0.01, spot.lon - 0.01], [spot.lat + 0.01, spot.lon + 0.01]])) });
        }).addTo(map);
    });
    if (bounds.isValid()) map.fitBounds(bounds.pad(0.15), { maxZoom: 8, animate: false });
  }

  /* --- the filter */

  function filter(values) {
    var form = document.getElementById("filter");
    ["box", "area", "near", "km"].forEach(function (name) { form.elements[name].value = values[name] || ""; });
    form.requestSubmit();
  }

  function corners(bounds) {
    return [bounds.getSouth(), bounds.getWest(), bounds.getNorth(), bounds.getEast()].map(function (n) { return n.toFixed(4); }).join(",");
  }

  function pair(point) { return point.lat.toFixed(4) + "," + L.latLng(point).wrap().lng.toFixed(4); }

  /* --- drawing: an area corner by corner, or a circle from its centre to its rim; by mouse or finger; Escape leaves it */

  function tools(map) {
    var box = document.getElementById("drawing"), help = document.getElementById("drawhelp"), drawn = null;
    if (!box) return;
    box.hidden = false;

    function end() {
      if (drawn) { drawn.layer.remove(); map.off("click", drawn.click); map.off("mousemove", drawn.move); }
      drawn = null;
      map.getContainer().classList.remove("drawing");
      map.doubleClickZoom.enable();
      help.textContent = "";
      box.querySelectorAll("[data-draw]").forEach(function (button) { button.setAttribute("aria-pressed", "false"); });
    }

    box.addEventListener("click", function (event) {
      var button = event.target.closest("button");
      if (!button) return;
      if (button.id === "thismap") { filter({ box: corners(map.getBounds()) }); return; }
      var again = button.getAttribute("aria-pressed") === "true";
      end();
      if (again) return;
      button.setAttribute("aria-pressed", "true");
      map.getContainer().classList.add("drawing");
      map.doubleClickZoom.disable();
      drawn = button.dataset.draw === "circle" ? circle(map, help) : shape(map, help);
      map.on("click", drawn.click);
      map.on("mousemove", drawn.move);
      map.getContainer().scrollIntoView({ block: "nearest" });
    });
    document.addEventListener("keydown", function (event) {
      if (!drawn || !box.isConnected) return;
      if (event.key === "Escape") end();
      if (event.key === "Enter" && drawn.finish) { event.preventDefault(); drawn.finish(); }
    });
  }

  function shape(map, help) {
    var points = [], layer = L.polygon([], { className: "m-area", interactive: false }).addTo(map);
    help.textContent = "Click at each corner; click the first one again, or press Enter, to end. Escape leaves it.";

    function finish() { if (points.length > 2) filter({ area: points.map(pair).join(";") }); }

    return {
      layer: layer, finish: finish,
      click: function (event) {
        var first = points[0] && map.latLngToContainerPoint(points[0]);
        if (points.length > 2 && first.distanceTo(event.containerPoint) < NEAR_PIXELS) { finish(); return; }
        if (points.length < MOST_CORNERS) points.push(event.latlng);
        layer.setLatLngs(points);
      },
      move: function (event) { if (points.length) layer.setLatLngs(points.concat([event.latlng])); }
    };
  }

  function circle(map, help) {
    var centre = null, layer = L.circle([0, 0], { radius: 0, className: "m-area", interactive: false }).addTo(map);
    help.textContent = "Click at the centre, then at the rim. Escape leaves it.";
    return {
      layer: layer,
      click: function (event) {
        if (!centre) { centre = event.latlng; layer.setLatLng(centre); return; }
        var km = map.distance(centre, event.latlng) / 1000;
        if (km > 0.05) filter({ area: pair(centre) + "," + km.toFixed(2) });
      },
      move: function (event) { if (centre) layer.setRadius(map.distance(centre, event.latlng)); }
    };
  }

  document.addEventListener("ascertain:part", draw);
  draw();
})();
