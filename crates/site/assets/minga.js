// The one script. Every page works without it; with it, devices can sign in, previews follow the pen, and drafts are kept.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

/** Sends a form's fields to an address and returns the JSON that is answered. */
async function ask(form, address) {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string" && name !== "phrase") fields.append(name, value);
  const answer = await fetch(address, { method: "POST", body: fields, keepalive: String(fields).length < 60000, headers: { accept: "application/json" } });
  return answer.json().catch(() => ({ problem: answer.statusText }));
}

/** Asks the device for what the node wants, and returns its answer in the node's form. */
async function device(options) {
  const key = options.publicKey;
  key.challenge = bytes(key.challenge);
  if (key.user) {
    key.user.id = bytes(key.user.id);
    key.excludeCredentials = (key.excludeCredentials ?? []).map((one) => ({ ...one, id: bytes(one.id) }));
    const made = await navigator.credentials.create({ publicKey: key });
    const answer = made.response;
    return {
      id: made.id, rawId: text(made.rawId), type: made.type, extensions: {},
      response: { attestationObject: text(answer.attestationObject), clientDataJSON: text(answer.clientDataJSON), transports: answer.getTransports?.() },
    };
  }
  key.allowCredentials = (key.allowCredentials ?? []).map((one) => ({ ...one, id: bytes(one.id) }));
  const shown = await navigator.credentials.get({ publicKey: key });
  const answer = shown.response;
  return {
    id: shown.id, rawId: text(shown.rawId), type: shown.type, extensions: {},
    response: {
      authenticatorData: text(answer.authenticatorData), clientDataJSON: text(answer.clientDataJSON), signature: text(answer.signature),
      userHandle: answer.userHandle ? text(answer.userHandle) : null,
    },
  };
}

/** Shows a sentence above a form. */
function tell(form, sentence) {
  let notice = form.querySelector(":scope > .notice");
  if (!notice) {
    notice = document.createElement("div");
    notice.className = "notice";
    notice.dataset.tone = "no";
    notice.tabIndex = -1;
    notice.setAttribute("role", "alert");
    notice.append(document.createElement("h2"));
    form.prepend(notice);
  }
  notice.firstChild.textContent = sentence;
  notice.focus();
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  let plain = false;
  form.addEventListener("submit", async (event) => {
    // What is to be mended is shown by the page that answers a plain form.
    if (plain) return;
    const pressed = event.submitter?.name === "way" ? event.submitter.value : form.elements.way?.value;
    if (pressed !== "passkey" || form.elements.credential.value) return;
    event.preventDefault();
    try {
      const asked = await ask(form, form.dataset.passkey);
      if (asked.problem && !asked.send) return tell(form, asked.problem);
      if (!asked.problem) {
        form.elements.credential.value = JSON.stringify(await device(asked.options));
        form.elements.ceremony.value = asked.ceremony;
      }
      plain = true;
      form.requestSubmit(event.submitter);
    } catch (error) {
      tell(form, error.message);
    }
  });
}

/** Calls `work` when nothing was typed in a form for a while. */
function whenStill(form, pause, work) {
  let timer;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(work, pause);
  });
}

for (const form of document.querySelectorAll("form[data-preview]")) {
  const place = form.querySelector("[data-preview-here]");
  if (!place) continue;
  const show = async () => {
    const answer = await ask(form, form.dataset.preview).catch(() => ({}));
    if (answer.html !== undefined) place.innerHTML = answer.html;
  };
  whenStill(form, 700, show);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) show();
  });
}

/** The text of a form, in one field or by paragraph. */
function textOf(form) {
  return [...form.querySelectorAll('[name="text"], [name="part"]')].map((field) => field.value).join("\n\n");
}

for (const form of document.querySelectorAll("form[data-draft]")) {
  const said = document.querySelector("[data-draft-said]");
  let sent = textOf(form);
  // What is on its way to be published is no draft any more.
  let gone = false;
  form.addEventListener("submit", () => (gone = true));
  addEventListener("pageshow", () => (gone = false));
  const keep = async () => {
    if (gone || textOf(form) === sent) return;
    sent = textOf(form);
    const answer = await ask(form, form.dataset.draft).catch(() => ({}));
    if (answer.said && said) said.textContent = answer.said;
    if (answer.kept && form.elements["kept-as"]) form.elements["kept-as"].value = answer.kept;
    // What could not be kept is tried again.
    if (!answer.said) sent = undefined;
  };
  whenStill(form, 4000, keep);
  document.addEventListener("visibilitychange", () => document.hidden && keep());
}

// Where the pen is, so that a footnote's mark stands there.
for (const form of document.querySelectorAll("form[data-draft]")) {
  form.addEventListener("submit", () => {
    if (form.elements.pen) form.elements.pen.value = form.elements.text.selectionStart || "";
  });
}

// Whoever marks a passage of a text can say something of it.
const discussed = document.querySelector("[data-discuss]");
if (discussed) {
  const link = document.createElement("a");
  link.className = "button beside-passage";
  link.textContent = discussed.dataset.discussWord;
  link.hidden = true;
  document.body.append(link);
  document.addEventListener("selectionchange", () => {
    const marked = document.getSelection();
    const passage = marked && !marked.isCollapsed && discussed.contains(marked.anchorNode) && discussed.contains(marked.focusNode)
      ? String(marked).trim().replace(/\s+/g, " ") : "";
    link.hidden = passage.length < 3 || passage.length > 1000;
    if (link.hidden) return;
    link.href = `${discussed.dataset.discuss}?passage=${encodeURIComponent(passage)}#text`;
    const at = marked.getRangeAt(0).getBoundingClientRect();
    link.style.insetBlockStart = `${Math.min(innerHeight - 60, Math.max(8, at.bottom + 8))}px`;
    link.style.insetInlineStart = `${Math.min(innerWidth - 240, Math.max(8, at.left))}px`;
  });
}

for (const hidden of document.querySelectorAll("[data-needs-script]")) hidden.hidden = false;
