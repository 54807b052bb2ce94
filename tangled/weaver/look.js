/* generated from chapters/41-weave.nw by noweb; do not edit */
"use strict";
(look => {
  try { if (localStorage.theme) look.theme = localStorage.theme; } catch (error) { /* no storage */ }
  const part = { "?preview": "page", "?text": "text" }[location.search];
  if (part) look.preview = part;
})(document.documentElement.dataset);
