// A sprint on a phone: what is written stays on it until the commons has it. Without this script, the form is sent as any other.

const here = new URL(import.meta.url);
const KEPT = "minga-sprint";
const PAUSE = 5000;

/** Reads what is kept on this device. */
function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) ?? { queue: [], drafts: {}, sent: 0 };
  } catch {
    return { queue: [], drafts: {}, sent: 0 };
  }
}

/** Keeps something on this device; says whether that can be done. */
function keep(change) {
  const all = kept();
  change(all);
  try {
    localStorage.setItem(KEPT, JSON.stringify(all));
    return true;
  } catch {
    return false;
  }
}

/** A mark that no other form has. */
const mark = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Asks for a page of this commons. */
async function page(address) {
  const answer = await fetch(address, { headers: { accept: "text/html" }, cache: "no-store" });
  return { status: answer.status, page: new DOMParser().parseFromString(await answer.text(), "text/html") };
}

/** The board, anew every few seconds, as long as somebody looks. */
function live(board) {
  setInterval(async () => {
    if (document.hidden) return;
    try {
      const { status, page: fresh } = await page(board.dataset.board);
      if (status !== 200) return;
      for (const id of ["board", "newest"]) {
        const [old, now] = [document.getElementById(id), fresh.getElementById(id)];
        if (old && now && old.innerHTML !== now.innerHTML) old.innerHTML = now.innerHTML;
      }
    } catch {
      // The next time.
    }
  }, PAUSE);
}

/** The form that waits for a connection. */
function entry(form) {
  const told = document.getElementById("queue");
  const words = JSON.parse(told.dataset.words);
  const address = form.getAttribute("action");
  const fields = () => [...new FormData(form)].filter(([name, value]) => name !== TOKEN && typeof value === "string");
  const fill = (all) => {
    for (const [name, value] of all) {
      const field = form.elements.namedItem(name);
      if (field && "value" in field) field.value = value;
    }
    form.elements.at?.dispatchEvent(new Event("change"));
  };

  const say = (text, more = []) => {
    const line = document.createElement("p");
    line.append(text, " ", ...more);
    return line;
  };
  const press = (text, act) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.addEventListener("click", act);
    return button;
  };

  /** Shows what waits, what was sent, and what was refused. */
  const show = () => {
    const { queue, sent } = kept();
    const waiting = queue.filter((one) => !one.refused);
    told.replaceChildren();
    if (!queue.length && !sent) return;
    const box = document.createElement("div");
    box.className = "notice";
    box.dataset.tone = waiting.length ? "ask" : "yes";
    box.setAttribute("role", "status");
    if (sent) box.append(say(`${words.sent} ${sent}`));
    if (waiting.length) box.append(say(`${words.waiting} ${waiting.length}.`, [press(words.again, flush)]), say(words.kept));
    for (const one of queue.filter((one) => one.refused)) {
      const name = one.fields.find(([field]) => field === "name")?.[1] ?? "";
      box.append(say(`${words.refused} ${name}: ${one.refused}`, [
        press(words.mend, () => {
          fill(one.fields);
          keep((all) => (all.queue = all.queue.filter((other) => other.mark !== one.mark)));
          show();
          form.elements.name.focus();
        }),
        ...(one.code === "here_already" ? [press(words.anew, () => {
          keep((all) => {
            const same = all.queue.find((other) => other.mark === one.mark);
            same.fields.push(["anew", "yes"]);
            delete same.refused;
          });
          flush();
        })] : []),
        press(words.drop, () => {
          keep((all) => (all.queue = all.queue.filter((other) => other.mark !== one.mark)));
          show();
        }),
      ]));
    }
    told.append(box);
  };

  let flushing = false;
  /** Sends what waits, one after the other; what the commons has already is there once. */
  async function flush() {
    if (flushing) return;
    flushing = true;
    try {
      for (const one of kept().queue.filter((one) => !one.refused)) {
        const { status, page: fresh } = await page(one.address);
        const token = fresh.querySelector(`#entry input[name="${TOKEN}"]`)?.value;
        if (status === 401 || !token) {
          told.replaceChildren(say(words["signed-out"]));
          return;
        }
        const body = new URLSearchParams([...one.fields, [TOKEN, token]]);
        const answer = await fetch(one.address, { method: "POST", body, headers: { accept: "application/json" } });
        const said = await answer.json();
        if (answer.status >= 500) return;
        keep((all) => {
          if (answer.ok) {
            all.queue = all.queue.filter((other) => other.mark !== one.mark);
            all.sent += 1;
          } else {
            const same = all.queue.find((other) => other.mark === one.mark);
            if (same) {
              const mistakes = (said.mistakes ?? []).map((mistake) => mistake.detail ?? mistake.text ?? mistake).join(" ");
              Object.assign(same, { refused: mistakes || said.detail || String(answer.status), code: said.code ?? said.type ?? "" });
              if (said.type?.endsWith("here_already")) same.code = "here_already";
            }
          }
        });
      }
    } catch {
      // No connection: it waits.
    } finally {
      flushing = false;
      show();
    }
  }

  form.addEventListener("submit", (event) => {
    const one = { address, mark: form.elements.mark.value, fields: fields(), at: Date.now() };
    if (event.submitter?.name) one.fields.push([event.submitter.name, event.submitter.value]);
    const stays = keep((all) => {
      all.queue.push(one);
      delete all.drafts[address];
    });
    if (!stays) return;
    event.preventDefault();
    const team = form.elements.team?.value;
    form.reset();
    if (team !== undefined) form.elements.team.value = team;
    for (const name of ["name", "text", "at", "locality", "links"]) if (form.elements[name]) form.elements[name].value = "";
    form.elements.mark.value = mark();
    show();
    flush();
    form.elements.name.focus();
  });

  // What is being written is there again after a closed page or an empty battery.
  form.addEventListener("input", () => keep((all) => (all.drafts[address] = fields())));
  const draft = kept().drafts[address];
  if (draft && !form.elements.name.value) fill(draft);
  keep((all) => (all.sent = 0));
  addEventListener("online", flush);
  setInterval(flush, 4 * PAUSE);
  navigator.serviceWorker?.register("/sprints/sw.js" + here.search, { scope: "/sprints/" }).catch(() => {});
  show();
  flush();
}

const form = document.querySelector("form[data-offline]");
const TOKEN = form?.dataset.offline;
if (form) entry(form);
const board = document.querySelector("[data-board]");
if (board) live(board);
