// Suggestions under the search box. Everything that it can lead to is read once, when the box is first used, and looked
// through here: nothing that is typed is sent anywhere. Without this the form works as it is.
for (const input of document.querySelectorAll("[data-find]")) {
  const MOST = 8;
  const POSTCODE = /^\s*[a-z]{1,2}\s*\d/i; // as one begins: nothing is suggested for it
  const plain = (text) => text.toLowerCase().normalize("NFKD").replace(/[’'\u0300-\u036f]/g, "");
  const list = document.createElement("ul");
  const status = document.createElement("p");
  let entries = null;
  let active = -1;

  list.id = `${input.id}-suggestions`;
  list.className = "mh-find__list";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  status.className = "govuk-visually-hidden";
  status.setAttribute("role", "status");
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
  })) input.setAttribute(name, value);
  input.after(list, status);

  const close = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const read = async () => {
    if (entries) return;
    entries = [];
    try {
      const found = await (await fetch(input.dataset.find || "/find/entries.json")).json();
      entries = found.entries.map(([title, kind, address, words]) => {
        const name = plain(title);
        return { title, kind, address, name, words: `${name} ${plain(words)}`.split(/[^a-z0-9]+/) };
      });
      if (document.activeElement === input && input.value) show();
    } catch {
      entries = null;
    }
  };

  const measure = (entry, asked, parts) => {
    if (!parts.every((part) => entry.words.some((word) => word.startsWith(part)))) return 0;
    return entry.name === asked ? 3 : entry.name.startsWith(asked) ? 2 : 1;
  };

  const suggest = () => {
    const asked = plain(input.value).trim();
    const parts = asked.split(/[^a-z0-9]+/).filter(Boolean);
    if (!parts.length || asked.length < 2 || POSTCODE.test(asked)) return [];
    return (entries ?? [])
      .map((entry) => ({ entry, near: measure(entry, asked, parts) }))
      .filter(({ near }) => near)
      .sort((a, b) => b.near - a.near)
      .slice(0, MOST)
      .map(({ entry }) => entry);
  };

  const show = () => {
    const found = suggest();
    close();
    list.replaceChildren(...found.map((entry, place) => {
      const option = document.createElement("li");
      const kind = document.createElement("span");
      option.id = `${list.id}-${place}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      kind.className = "mh-find__kind";
      kind.textContent = `, ${entry.kind}`;
      option.append(entry.title, kind);
      option.addEventListener("pointerdown", (event) => event.preventDefault()); // the box keeps the focus
      option.addEventListener("click", () => location.assign(entry.address));
      option.dataset.address = entry.address;
      return option;
    }));
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    status.textContent = found.length ? `${found.length} suggestion${found.length > 1 ? "s" : ""}` : "";
  };

  const move = (step) => {
    const options = [...list.children];
    options[active]?.setAttribute("aria-selected", "false");
    active = (active + step + options.length + 1) % (options.length + 1); // one past the last is the box itself
    if (active === options.length) active = -1;
    const option = options[active];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  };

  input.addEventListener("focus", read);
  input.addEventListener("input", show);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && list.children.length) {
      event.preventDefault();
      if (list.hidden) show();
      if (!list.hidden) move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      location.assign(list.children[active].dataset.address);
    }
  });
  if (document.activeElement === input) read();
}
