// Before anything is shown, so that nobody who listens at night is dazzled.
"use strict";
document.documentElement.classList.add("js");
// Where the page's script cannot run, there are plain players instead.
addEventListener("load", () => {
  if (document.documentElement.dataset.plays === undefined) document.documentElement.classList.remove("js");
});
const LOOKS = ["light", "dark", "night"];
const wear = look => {
  if (LOOKS.includes(look)) document.documentElement.dataset.look = look;
  else delete document.documentElement.dataset.look;
};
try { wear(localStorage.getItem("calmcast look")); } catch { /* then as the device */ }
