/* The map of the incidents that the filter leaves: one circle a place, as large as it is uncertain, with the worst status's shape and a count. */
(function () {
  "use strict";
  var SHAPES = { alleged: "○", corroborated: "◐", contested: "◇", established: "●", refuted: "⊘" };
  var ORDER = ["contested", "established", "corroborated", "alleged", "refuted"];

  function plain(name) { return { className: name, interactive: false, smoothFactor: 1 }; }

  function draw() {
    var box = document.getElementById("map"), base = window.ascertainBasemap;
    if (!box || box.dataset.drawn || !window.L || !base) return;
    box.dataset.drawn = "1";
    var map = L.map(box, {
      zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, inertia: false, minZoom: 2, maxZoom: 11, zoomSnap: 0.5,
      scrollWheelZoom: false, maxBounds: [[-80, -190], [85, 190]], renderer: L.svg({ padding: 0.3 })
    }).setView([30, 20], 2);
    map.attributionControl.setPrefix(false);
    map.attributionControl.addAttribution("Natural Earth · GeoNames · Leaflet");
    L.control.scale({ imperial: false }).addTo(map);
    L.geoJSON(base.land, { style: plain("m-land"), interactive: false }).addTo(map);
    L.geoJSON(base.boundaries, { style: plain("m-line"), interactive: false }).addTo(map);
    var disputed = L.geoJSON(base.disputed, { style: plain("m-disputed"), interactive: false }).addTo(map);
    var names = document.getElementById("disputed");
    names.textContent = "";
    disputed.eachLayer(function (layer) {
      var row = document.createElement("li");
      row.textContent = layer.feature.properties.note;
      names.appendChild(row);
    });
    fetch(box.dataset.spots, { credentials: "same-origin" }).then(function (answer) { return answer.json(); }).then(function (spots) {
      show(map, spots);
      viewButton(map);
    });
  }

  function worst(by) { return ORDER.find(function (status) { return by[status]; }) || "alleged"; }

  function show(map, spots) {
    var bounds = L.latLngBounds([]);
    spots.forEach(function (spot) {
      var point = [spot.lat, spot.lon], status = worst(spot.by);
      bounds.extend(point);
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
          within(L.latLngBounds([[spot.lat - 0.01, spot.lon - 0.01], [spot.lat + 0.01, spot.lon + 0.01]]));
        }).addTo(map);
    });
    if (bounds.isValid()) map.fitBounds(bounds.pad(0.15), { maxZoom: 8, animate: false });
  }

  function within(bounds) {
    var form = document.getElementById("filter");
    form.elements.box.value = [bounds.getSouth(), bounds.getWest(), bounds.getNorth(), bounds.getEast()].map(function (n) { return n.toFixed(4); }).join(",");
    form.requestSubmit();
  }

  function viewButton(map) {
    var button = document.getElementById("thismap");
    button.hidden = false;
    button.addEventListener("click", function () { within(map.getBounds()); });
  }

  document.addEventListener("ascertain:part", draw);
  draw();
})();
