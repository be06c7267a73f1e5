/* Progressive enhancement only: every page works without this file. */
(function () {
  "use strict";

  function formatSize(bytes) {
    const mo = bytes / (1024 * 1024);
    return mo >= 1
      ? `${mo.toLocaleString("fr-FR", { maximumFractionDigits: 1 })} Mo`
      : `${Math.max(1, Math.round(bytes / 1024)).toLocaleString("fr-FR")} ko`;
  }

  /* File field: list what was chosen, refuse what is too big before it is sent, accept a drop. */
  function listFiles(field) {
    const input = field.querySelector("input[type=file]");
    const list = field.querySelector("[data-file-list]");
    const error = field.querySelector("[data-file-error]");
    const max = Number(field.dataset.maxSize);
    const tooBig = [];
    list.replaceChildren();
    for (const file of input.files) {
      const item = document.createElement("li");
      item.textContent = `${file.name} – ${formatSize(file.size)}`;
      if (max && file.size > max) {
        item.classList.add("is-too-big");
        tooBig.push(file.name);
      }
      list.append(item);
    }
    const text = tooBig.length
      ? `Trop gros (${formatSize(max)} au plus) : ${tooBig.join(", ")}. Rien n'a été envoyé.`
      : "";
    error.textContent = text;
    input.setCustomValidity(text);
    field.classList.toggle("is-invalid", tooBig.length > 0);
    input.toggleAttribute("aria-invalid", tooBig.length > 0);
  }

  function enhanceFileField(field) {
    const input = field.querySelector("input[type=file]");
    input.addEventListener("change", () => listFiles(field));
    for (const name of ["dragenter", "dragover"]) {
      field.addEventListener(name, (event) => {
        event.preventDefault();
        field.classList.add("is-over");
      });
    }
    for (const name of ["dragleave", "drop"]) {
      field.addEventListener(name, () => field.classList.remove("is-over"));
    }
    field.addEventListener("drop", (event) => {
      event.preventDefault();
      const files = new DataTransfer();
      for (const file of event.dataTransfer.files) {
        if (input.multiple || files.items.length === 0) {
          files.items.add(file);
        }
      }
      input.files = files.files;
      listFiles(field);
    });
  }

  /* A form that sends files: say that it is on its way, and do not send it twice. */
  function enhanceUpload(form) {
    form.addEventListener("submit", () => {
      const button = form.querySelector("button[type=submit]");
      const progress = form.querySelector("[data-upload-progress]");
      if (progress) {
        progress.hidden = false;
      }
      if (button) {
        button.setAttribute("aria-busy", "true");
        setTimeout(() => { button.disabled = true; }, 0);
      }
    });
  }

  function enhanceCopy(button) {
    const label = button.querySelector("[data-copy-label]");
    const words = label.textContent;
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      const source = document.getElementById(button.dataset.copy);
      await navigator.clipboard.writeText(source.value ?? source.innerText);
      label.textContent = "Copié";
      setTimeout(() => { label.textContent = words; }, 3000);
    });
  }

  function enhancePrint(button) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  /* Boxes ticked in a list that is swapped page by page: kept while one stays on it, counted, given to its form.
     « #choix=a,b » in the address of the page ticks again what was chosen before one left it. */
  const chosen = new Set();

  function showChoice(form) {
    const boxes = [...form.querySelectorAll("input[type=checkbox][name=uai]")];
    for (const hidden of form.querySelectorAll("input[data-kept]")) {
      hidden.remove();
    }
    for (const box of boxes) {
      box.checked = chosen.has(box.value);
    }
    const elsewhere = [...chosen].filter((uai) => !boxes.some((box) => box.value === uai));
    for (const uai of elsewhere) {
      const hidden = document.createElement("input");
      Object.assign(hidden, { type: "hidden", name: "uai", value: uai });
      hidden.dataset.kept = "true";
      form.append(hidden);
    }
    const words = chosen.size > 1 ? "établissements cochés" : "établissement coché";
    const rest = elsewhere.length ? `, dont ${elsewhere.length} hors de cette page` : "";
    form.querySelector("[data-choice-count]").textContent = chosen.size ? `${chosen.size} ${words}${rest}` : "";
    form.querySelector("[data-choice-clear]").hidden = chosen.size === 0;
  }

  function readChoice(form) {
    for (const box of form.querySelectorAll("input[type=checkbox][name=uai]:checked")) {
      chosen.add(box.value);
    }
    const asked = new URLSearchParams(window.location.hash.slice(1)).get("choix");
    if (asked) {
      asked.split(",").forEach((uai) => chosen.add(uai));
      history.replaceState(history.state, "", window.location.pathname + window.location.search);
    }
  }

  function enhanceChoice(form) {
    readChoice(form);
    showChoice(form);
    form.addEventListener("change", (event) => {
      if (event.target.name === "uai") {
        chosen[event.target.checked ? "add" : "delete"](event.target.value);
        showChoice(form);
      }
    });
    form.querySelector("[data-choice-clear]").addEventListener("click", () => {
      chosen.clear();
      showChoice(form);
    });
    form.addEventListener("submit", (event) => {
      if (!chosen.size && !form.elements.tous.checked) {
        event.preventDefault();
        form.querySelector("[data-choice-count]").textContent =
          "Cochez au moins un établissement, ou « Tout ce qui est filtré ».";
      }
    });
  }

  /* What takes the whole screen of a phone is folded there; a wide screen shows it, and no way to fold it. */
  const phone = window.matchMedia("(max-width: 40rem)");

  function fold(details) {
    details.open = !phone.matches;
  }

  function enhanceEach(root, selector, enhance) {
    for (const element of root.querySelectorAll(selector)) {
      if (!element.dataset.enhanced) {
        element.dataset.enhanced = "true";
        enhance(element);
      }
    }
  }

  function enhanceAll(root) {
    enhanceEach(root, "[data-file-field]", enhanceFileField);
    enhanceEach(root, "form[enctype='multipart/form-data']", enhanceUpload);
    enhanceEach(root, "[data-copy]", enhanceCopy);
    enhanceEach(root, "[data-print]", enhancePrint);
    enhanceEach(root, "form[data-choice]", enhanceChoice);
    enhanceEach(root, "details[data-fold]", fold);
  }

  /* A menu closes on Escape, on a click elsewhere, and gives the focus back. */
  function closeMenus(event) {
    const open = document.querySelector("details.account[open]");
    if (open && (event.key === "Escape" || (event.type === "click" && !open.contains(event.target)))) {
      open.open = false;
      if (event.key === "Escape") {
        open.querySelector("summary").focus();
      }
    }
  }

  /* A panel beside a list closes on Escape or by its own link; the focus goes back to the line that opened it. */
  function closePanel(event) {
    const content = document.querySelector("[data-panel] > [data-line]");
    if (content && (event.key === "Escape" || (event.type === "click" && event.target.closest("[data-close-panel]")))) {
      event.preventDefault();
      const line = document.getElementById(content.dataset.line);
      content.remove();
      line?.querySelector("th a").focus();
    }
  }

  function tellFailure() {
    const box = document.getElementById("messages");
    const alert = document.createElement("p");
    alert.className = "alert alert-erreur";
    alert.textContent = "La page n'a pas pu être mise à jour. Rechargez-la pour voir où vous en êtes.";
    box.replaceChildren(alert);
    box.scrollIntoView({ block: "nearest" });
  }

  enhanceAll(document);
  phone.addEventListener("change", () => document.querySelectorAll("details[data-fold]").forEach(fold));
  document.addEventListener("click", closeMenus);
  document.addEventListener("keydown", closeMenus);
  document.addEventListener("click", closePanel);
  document.addEventListener("keydown", closePanel);
  document.addEventListener("htmx:load", (event) => enhanceAll(event.detail.elt.parentElement ?? document));
  document.addEventListener("htmx:responseError", tellFailure);
  document.addEventListener("htmx:sendError", tellFailure);
  /* Back from the history: the browser may restore a button left busy. */
  window.addEventListener("pageshow", () => {
    for (const button of document.querySelectorAll("button[aria-busy]")) {
      button.removeAttribute("aria-busy");
      button.disabled = false;
    }
  });
})();
