"use strict";
(function () {
  const box = document.getElementById("filter");
  const council = document.getElementById("council");
  const words = document.getElementById("words");
  const told = document.getElementById("filtered");
  const rows = Array.from(document.querySelectorAll("tbody tr, article"));
  const texts = rows.map((row) => row.textContent.toLowerCase());
  function filter() {
    const who = council.value;
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    let all = 0;
    rows.forEach((row, i) => {
      const own = row.dataset.council;
      const here = (!who || !own || own === who) && wanted.every((word) => texts[i].includes(word));
      row.hidden = !here;
      if (row.tagName === "TR") { all += 1; shown += here ? 1 : 0; }
    });
    told.textContent = who || wanted.length ? shown + " of " + all + " rows are shown" : "";
  }
  function reveal() {
    const place = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (place && place.tagName === "ARTICLE") {
      place.hidden = false;
      place.scrollIntoView();
      place.focus({ preventScroll: true });
    }
  }
  council.addEventListener("change", filter);
  words.addEventListener("input", filter);
  document.getElementById("clear").addEventListener("click", () => { council.value = ""; words.value = ""; filter(); words.focus(); });
  window.addEventListener("hashchange", reveal);
  box.hidden = false;
  reveal();
})();
