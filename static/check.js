// Shows how far a check is without loading the page again. Without this file the page reloads itself.
const SHOWN_EVERY = 1000;
const SAID_EVERY = 10_000; // a screen reader that spoke each second would never be silent

const shown = document.getElementById("progress");
const said = document.getElementById("progress-said");
let lastSaid = Date.now();

async function look() {
  try {
    const response = await fetch(shown.dataset.address, { headers: { Accept: "application/json" } });
    if (!response.ok && response.status !== 404) {
      throw new Error(`status ${response.status}`);
    }
    // Deleted meanwhile: the page itself says so.
    const progress = response.ok ? await response.json() : { state: "ended" };
    if (progress.state === "ended") {
      window.location.reload();
      return;
    }
    shown.textContent = progress.words;
    if (Date.now() - lastSaid >= SAID_EVERY) {
      lastSaid = Date.now();
      said.textContent = progress.words;
    }
  } catch {
    shown.textContent = "We can’t reach the service at the moment. We’ll go on trying.";
  }
  setTimeout(look, SHOWN_EVERY);
}

setTimeout(look, SHOWN_EVERY / 2);
