/* The map: what the list beside it holds, drawn with Leaflet on the packaged base map. Nothing is fetched. */
(function () {
  "use strict";
  var box = document.getElementById("map"), list = document.getElementById("incidents");
  var towns = window.ascertainTowns || [];
  var items = list ? Array.prototype.slice.call(list.querySelectorAll("li[data-lat]")) : [];
  if (!box || !items.length || !window.L || !window.ascertainBasemap || !window.ascertainMap) return;
  box.hidden = false;
  document.getElementById("nomap").hidden = true;
  var map = window.ascertainMap(box);

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

  /* names, beside the shapes that are shown */
  function shownPoints() {
    return Object.keys(drawn).filter(function (key) { return map.hasLayer(drawn[key].marker); }).map(function (key) { return drawn[key].marker.getLatLng(); });
  }

  function leastPeople(zoom) { return zoom < 4.5 ? Infinity : zoom < 6 ? 300000 : zoom < 7 ? 80000 : zoom < 8 ? 15000 : 0; }

  var drawLabels = window.ascertainLabels(map, towns, shownPoints, leastPeople);

  function fromAddress() {
    var id = location.hash.slice(1);
    if (Object.prototype.hasOwnProperty.call(drawn, id)) { pick(id, true); setTimeout(look, 0); return true; }
    return false;
  }

  if (!fromAddress()) fit(null);
  window.addEventListener("hashchange", fromAddress);
  document.addEventListener("ascertain:shown", drawLabels);
})();
