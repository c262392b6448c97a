// Tables are sorted by a click on a heading: numbers largest first, then the other way round. All is readable without.
document.querySelectorAll("table.sortable").forEach(function (table) {
  var body = table.tBodies[0];
  table.querySelectorAll("thead th").forEach(function (head, column) {
    // The column of small bars has no heading and no order.
    if (!head.textContent) return;
    var button = document.createElement("button");
    button.type = "button";
    while (head.firstChild) button.appendChild(head.firstChild);
    head.appendChild(button);
    button.addEventListener("click", function () {
      var down = head.getAttribute("aria-sort") !== "descending";
      if (column === 0) down = head.getAttribute("aria-sort") === "ascending";
      table.querySelectorAll("thead th").forEach(function (other) { other.removeAttribute("aria-sort"); });
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      var rows = Array.prototype.slice.call(body.rows).map(function (row, place) {
        var cell = row.cells[column], value = cell.getAttribute("data-v");
        return { row: row, place: place, number: value === null ? null : Number(value), text: cell.textContent };
      });
      rows.sort(function (a, b) {
        if (column > 0 && (a.number === null) !== (b.number === null)) return a.number === null ? 1 : -1;
        var order = a.number === null ? a.text.localeCompare(b.text) : a.number - b.number;
        return (down ? -order : order) || a.place - b.place;
      });
      rows.forEach(function (entry) { body.appendChild(entry.row); });
    });
  });
});

// The archive can be searched by the words of its headlines.
var main = document.querySelector("main[data-filter]");
if (main && main.querySelectorAll("tbody tr").length > 5) {
  var label = document.createElement("label"), input = document.createElement("input");
  label.className = "filter";
  label.textContent = main.getAttribute("data-filter");
  input.type = "search";
  label.appendChild(input);
  main.insertBefore(label, main.querySelector("section"));
  input.addEventListener("input", function () {
    var wanted = input.value.toLowerCase();
    main.querySelectorAll("tbody tr").forEach(function (row) {
      row.hidden = row.textContent.toLowerCase().indexOf(wanted) < 0;
    });
  });
}

// What is folded is printed as well, and a way to it opens it.
window.addEventListener("beforeprint", function () {
  document.querySelectorAll("details").forEach(function (part) { part.open = true; });
});
function openTarget() {
  var part = location.hash && document.getElementById(location.hash.slice(1));
  if (part && part.tagName === "DETAILS") part.open = true;
}
window.addEventListener("hashchange", openTarget);
openTarget();
