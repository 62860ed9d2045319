/* The map: what the list beside it holds, drawn with Leaflet on the packaged base map. Nothing is fetched. */
(function () {
  "use strict";
  var box = document.getElementById("map"), list = document.getElementById("incidents");
  var base = window.ascertainBasemap, towns = window.ascertainTowns || [];
  var items = list ? Array.prototype.slice.call(list.querySelectorAll("li[data-lat]")) : [];
  if (!box || !window.L || !base || !items.length) return;
  box.hidden = false;
  document.getElementById("nomap").hidden = true;

  var map = L.map(box, {
    zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, inertia: false, minZoom: 2, maxZoom: 11, zoomSnap: 0.5,
    scrollWheelZoom: false, worldCopyJump: false, maxBounds: [[-80, -190], [85, 190]]
  });
  map.setView([20, 10], 2, { animate: false });
  map.attributionControl.setPrefix(false);
  map.attributionControl.addAttribution("Natural Earth · GeoNames · Leaflet");
  L.control.scale({ imperial: false }).addTo(map);

  function plain(name) { return { className: name, interactive: false, smoothFactor: 1 }; }
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

  /* incidents: a circle for the place's uncertainty, a shape in the middle; shapes at one point stand side by side */
  var drawn = {}, atPoint = {};
  items.forEach(function (item) {
    var d = item.dataset, point = [Number(d.lat), Number(d.lon)], key = d.lat + "," + d.lon;
    var order = atPoint[key] = (atPoint[key] || 0) + 1;
    var circle = L.circle(point, { radius: Number(d.radius) * 1000, className: "m-circle s-" + d.status, interactive: false });
    var pin = document.createElement("span");
    pin.className = "m-pin s-" + d.status;
    pin.textContent = d.shape;
    var turn = (order - 1) * 2.4, away = order === 1 ? 0 : 9 + 4 * Math.sqrt(order);
    var anchor = [14 - Math.round(away * Math.cos(turn)), 14 - Math.round(away * Math.sin(turn))];
    var title = item.querySelector("a").textContent + " (" + d.status + ")";
    var marker = L.marker(point, { icon: L.divIcon({ html: pin, className: "", iconSize: [28, 28], iconAnchor: anchor }), title: title, alt: title, keyboard: true, riseOnHover: true });
    marker.on("click keypress", function (event) {
      if (event.type === "keypress" && event.originalEvent.key !== "Enter") return;
      pick(d.id, false);
      item.scrollIntoView({ block: "nearest" });
      item.querySelector("a").focus({ preventScroll: true });
    });
    drawn[d.id] = { circle: circle.addTo(map), marker: marker.addTo(map), pin: pin, item: item };
  });

  function pick(id, move) {
    Object.keys(drawn).forEach(function (key) {
      var one = drawn[key], on = key === id;
      one.pin.classList.toggle("picked", on);
      one.item.classList.toggle("picked", on);
      if (one.circle.getElement()) one.circle.getElement().classList.toggle("picked", on);
    });
    if (move) map.fitBounds(drawn[id].circle.getBounds().pad(1.5), { maxZoom: 9, animate: false });
  }

  function look() {
    var at = box.getBoundingClientRect();
    if (at.bottom < 80 || at.top > innerHeight - 80) box.scrollIntoView({ block: "center" });
  }

  list.querySelectorAll("button.show").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      pick(button.dataset.show, true);
      look();
    });
  });

  function fit(shown) {
    var bounds = L.latLngBounds([]);
    Object.keys(drawn).forEach(function (key) { if (!shown || shown.has(key)) bounds.extend(drawn[key].marker.getLatLng()); });
    if (bounds.isValid()) map.fitBounds(bounds.pad(0.15), { maxZoom: 8, animate: false });
  }

  document.addEventListener("ascertain:shown", function (event) {
    Object.keys(drawn).forEach(function (key) {
      var one = drawn[key], on = event.detail.has(key);
      if (on === map.hasLayer(one.marker)) return;
      if (on) { one.circle.addTo(map); one.marker.addTo(map); } else { one.circle.remove(); one.marker.remove(); }
    });
    fit(event.detail);
  });

  /* names: states first, then towns by size, none over another */
  var labels = L.layerGroup().addTo(map);

  function label(text, point, kind, taken) {
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

  function drawLabels() {
    var zoom = map.getZoom(), view = map.getBounds().pad(0.05), taken = [];
    labels.clearLayers();
    Object.keys(drawn).forEach(function (key) {
      if (!map.hasLayer(drawn[key].marker)) return;
      var at = map.latLngToContainerPoint(drawn[key].marker.getLatLng());
      var spot = [at.x - 9, at.y - 9, at.x + 9, at.y + 9];
      spot.shape = true;
      taken.push(spot);
    });
    base.labels.forEach(function (l) { if (zoom >= l[3] && zoom < 7 && view.contains([l[2], l[1]])) label(l[0], [l[2], l[1]], "m-state", taken); });
    if (zoom < 4.5) return;
    var least = zoom < 6 ? 300000 : zoom < 7 ? 80000 : zoom < 8 ? 15000 : 0;
    towns.forEach(function (t) { if (t[3] >= least && view.contains([t[1], t[2]])) label(t[0], [t[1], t[2]], "m-town", taken); });
  }

  function fromAddress() {
    var id = location.hash.slice(1);
    if (Object.prototype.hasOwnProperty.call(drawn, id)) { pick(id, true); setTimeout(look, 0); return true; }
    return false;
  }

  map.on("zoomend moveend", drawLabels);
  if (!fromAddress()) fit(null);
  window.addEventListener("hashchange", fromAddress);
  document.addEventListener("ascertain:shown", drawLabels);
})();
