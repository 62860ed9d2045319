/* The ground of every map: Leaflet on the packaged base map, boundaries in dispute dashed and named, names of states and towns.
   The report and the workbench share it. Nothing is fetched. */
(function () {
  "use strict";
  var STILL = {
    zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, inertia: false, minZoom: 2, maxZoom: 11, zoomSnap: 0.5,
    scrollWheelZoom: false, worldCopyJump: false, maxBounds: [[-80, -190], [85, 190]]
  };

  function plain(name) { return { className: name, interactive: false, smoothFactor: 1 }; }

  function nameDisputed(layer) {
    var names = document.getElementById("disputed");
    if (!names) return;
    names.textContent = "";
    layer.eachLayer(function (one) {
      var row = document.createElement("li");
      row.textContent = one.feature.properties.note;
      names.appendChild(row);
    });
  }

  /* A map in `box`; null where a part is missing. */
  window.ascertainMap = function (box) {
    var base = window.ascertainBasemap;
    if (!box || !window.L || !base) return null;
    var map = L.map(box, Object.assign({ renderer: L.svg({ padding: 0.3 }) }, STILL));
    map.setView([20, 10], 2, { animate: false });
    map.attributionControl.setPrefix(false);
    map.attributionControl.addAttribution("Natural Earth · GeoNames · Leaflet");
    L.control.scale({ imperial: false }).addTo(map);
    L.geoJSON(base.land, { style: plain("m-land"), interactive: false }).addTo(map);
    L.geoJSON(base.boundaries, { style: plain("m-line"), interactive: false }).addTo(map);
    nameDisputed(L.geoJSON(base.disputed, { style: plain("m-disputed"), interactive: false }).addTo(map));
    return map;
  };

  /* Names, drawn anew whenever the map moves: states first, then towns [name, lat, lon, people] by size, none over another.
     points() gives what stands on the map already, as [lat, lon]; least(zoom) the smallest town that is named. */
  window.ascertainLabels = function (map, towns, points, least) {
    var labels = L.layerGroup().addTo(map);

    function draw() {
      var zoom = map.getZoom(), view = map.getBounds().pad(0.05), taken = [];
      labels.clearLayers();
      points().forEach(function (point) {
        var at = map.latLngToContainerPoint(point), spot = [at.x - 9, at.y - 9, at.x + 9, at.y + 9];
        spot.shape = true;
        taken.push(spot);
      });
      window.ascertainBasemap.labels.forEach(function (l) {
        if (zoom >= l[3] && zoom < 7 && view.contains([l[2], l[1]])) label(map, labels, l[0], [l[2], l[1]], "m-state", taken);
      });
      var smallest = least(zoom);
      towns.forEach(function (t) { if (t[3] >= smallest && view.contains([t[1], t[2]])) label(map, labels, t[0], [t[1], t[2]], "m-town", taken); });
    }

    map.on("zoomend moveend", draw);
    return draw;
  };

  function label(map, labels, text, point, kind, taken) {
    var at = map.latLngToContainerPoint(point), width = text.length * (kind === "m-state" ? 8.5 : 6.4) + 12, size = map.getSize();
    var tries = kind === "m-state" ? [[-width / 2, 0]] : [[-2, 0], [14, 0], [-2, 20], [-2, -20], [24, 0]]; /* beside an incident's shape that stands on it */
    var under = taken.some(function (o) { return o.shape && at.x >= o[0] && at.x <= o[2] && at.y >= o[1] && at.y <= o[3]; });
    if (!under) tries = tries.slice(0, 1);
    var free = tries.filter(function (t) {
      var spot = [at.x + t[0] - 2, at.y + t[1] - 9, at.x + t[0] + width, at.y + t[1] + 9];
      return spot[0] >= 0 && spot[2] <= size.x && spot[1] >= 0 && spot[3] <= size.y &&
        !taken.some(function (o) { return o[0] < spot[2] && o[2] > spot[0] && o[1] < spot[3] && o[3] > spot[1]; });
    })[0];
    if (!free) return;
    taken.push([at.x + free[0] - 2, at.y + free[1] - 9, at.x + free[0] + width, at.y + free[1] + 9]);
    var words = document.createElement("span");
    words.className = kind + (kind === "m-town" && free !== tries[0] ? " m-moved" : "");
    words.textContent = text;
    L.marker(point, {
      icon: L.divIcon({ html: words, className: "", iconSize: [width, 16], iconAnchor: [-free[0], 8 - free[1]] }), interactive: false, keyboard: false
    }).addTo(labels);
  }
})();
