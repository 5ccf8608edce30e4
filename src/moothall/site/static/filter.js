// A field above a long table that leaves only the rows with what is typed. Without this the table is whole.
for (const field of document.querySelectorAll("[data-filter]")) {
  const rows = [...document.getElementById(field.dataset.filter).querySelectorAll("tbody tr")];
  const texts = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
  const [input, said] = [field.querySelector("input"), field.querySelector("[role=status]")];
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let left = 0;
    for (const row of rows) {
      const isCouncil = !row.matches(".mh-councils__median, .mh-councils__group");
      row.hidden = words.length > 0 && !(isCouncil && words.every((word) => texts.get(row).includes(word)));
      left += isCouncil && !row.hidden;
    }
    said.textContent = words.length ? `${left} ${left === 1 ? "council is" : "councils are"} left.` : "";
  });
  field.hidden = false;
}
