// Messages to this browser (Web Push): asks the browser for a subscription, and tells portal.
(() => {
  const form = document.getElementById("push");
  if (!form || !("serviceWorker" in navigator) || !("PushManager" in self)) return;
  const button = document.getElementById("push-on");
  const key = () => {
    const text = atob(form.dataset.key.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  };
  const fail = () => {
    let told = form.querySelector(".trouble");
    if (!told) {
      told = document.createElement("p");
      told.className = "trouble";
      told.setAttribute("role", "alert");
      form.append(told);
    }
    told.textContent = form.dataset.denied;
  };
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const worker = await navigator.serviceWorker.ready;
      const subscription = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key() });
      const answer = await fetch("/v1/me/contacts/web-push", { method: "PUT", body: JSON.stringify(subscription), headers: {
        "Content-Type": "application/json", Accept: "application/json", "X-Form-Token": form.elements.formToken.value, "Idempotency-Key": crypto.randomUUID() } });
      if (!answer.ok) throw new Error(String(answer.status));
      location.assign(answer.status === 202 ? "/settings?pending=1" : "/settings?done=1");
    } catch (error) {
      button.disabled = false;
      fail();
    }
  });
})();
