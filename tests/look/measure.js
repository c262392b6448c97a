// Looks at pages as a reader would meet them: each in a frame of some width. Says what is wider than its frame, clipped,
// too faint to read, or mute to those who listen. The list of pages is in #pages; the findings go to #found as JSON.
function luminance(rgb) {
  var part = rgb.map(function (v) { v /= 255; return v <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4); });
  return 0.2126 * part[0] + 0.7152 * part[1] + 0.0722 * part[2];
}
function colour(text) {
  var parts = text.match(/[\d.]+/g).map(Number);
  return { rgb: parts.slice(0, 3), alpha: parts.length > 3 ? parts[3] : 1 };
}
function behind(element, view) {
  for (var at = element; at; at = at.parentElement) {
    var back = colour(view.getComputedStyle(at).backgroundColor);
    if (back.alpha > 0) return back.rgb;
  }
  return [255, 255, 255];
}
function contrast(one, other) {
  var a = luminance(one), b = luminance(other);
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}
function name(element) {
  return element.tagName.toLowerCase() + (element.className && element.className.baseVal === undefined ? "." + element.className : "") +
    " «" + element.textContent.trim().slice(0, 40) + "»";
}
function measure(frame, width) {
  var page = frame.contentDocument, view = frame.contentWindow, found = [];
  // What is folded is read as well.
  page.querySelectorAll("details").forEach(function (part) { part.open = true; });
  if (page.documentElement.scrollWidth > width) found.push("the page is " + page.documentElement.scrollWidth + " wide");
  page.querySelectorAll("body *").forEach(function (element) {
    var style = view.getComputedStyle(element), box = element.getBoundingClientRect();
    if (style.display === "none" || !box.width || element.closest("svg") || element.closest(".skip")) return;
    var isWide = function (one) { return one.getBoundingClientRect().right > width + 1; };
    var isCause = isWide(element) && !Array.prototype.some.call(element.children, isWide);
    if (isCause && !element.closest(".scroll")) found.push("wider than the screen: " + name(element));
    var clips = style.overflowX === "hidden" && element.scrollWidth > element.clientWidth + 1;
    if (clips && element.textContent.trim()) found.push("clipped: " + name(element));
  });
  var walker = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT), node;
  while ((node = walker.nextNode())) {
    var holder = node.parentElement, look = view.getComputedStyle(holder);
    if (!node.textContent.trim() || !holder.offsetParent || holder.closest("svg, script, style, .skip")) continue;
    var ratio = contrast(colour(look.color).rgb, behind(holder, view));
    if (ratio < 4.5) found.push("contrast " + ratio.toFixed(2) + ": " + name(holder));
  }
  var level = 0;
  page.querySelectorAll("h1,h2,h3,h4").forEach(function (heading) {
    var own = Number(heading.tagName[1]);
    if (own > level + 1) found.push("a heading of level " + own + " after " + level + ": " + name(heading));
    level = own;
  });
  if (page.querySelectorAll("h1").length !== 1) found.push("not one h1");
  page.querySelectorAll("img:not([alt]), th:not([scope])").forEach(function (mute) { found.push("mute: " + name(mute)); });
  return found.length > 8 ? found.slice(0, 1).concat(found.slice(-7)) : found;
}
window.addEventListener("load", function () {
  var pages = JSON.parse(document.getElementById("pages").textContent), found = {};
  var next = function (at) {
    if (at === pages.length) {
      document.getElementById("found").textContent = JSON.stringify(found);
      return;
    }
    var frame = document.createElement("iframe"), of = pages[at];
    frame.style.cssText = "border:0;height:600px;width:" + of.width + "px";
    frame.onload = function () {
      var axe = frame.contentWindow.axe;
      var said = measure(frame, of.width);
      var done = function (more) {
        if (said.concat(more).length) found[of.name] = said.concat(more).slice(0, 8);
        frame.remove();
        next(at + 1);
      };
      if (!axe) return done([]);
      axe.run(frame.contentDocument, { resultTypes: ["violations"] }).then(function (result) {
        var serious = result.violations.filter(function (rule) { return ["serious", "critical"].indexOf(rule.impact) >= 0; });
        done(serious.map(function (rule) { return rule.id + ": " + rule.nodes[0].html.slice(0, 160); }));
      }, function (error) { done(["axe: " + error]); });
    };
    frame.srcdoc = of.html;
    document.body.appendChild(frame);
  };
  next(0);
});
