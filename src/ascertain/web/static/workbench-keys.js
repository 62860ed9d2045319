/* Security keys: the browser asks the key, the form sends its answer (WebAuthn). Without this script a code lets you in. */
(function () {
  "use strict";

  function bytes(words) {
    var plain = atob(words.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (c) { return c.charCodeAt(0); }).buffer;
  }

  function words(buffer) {
    return btoa(String.fromCharCode.apply(null, new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function known(list) {
    return (list || []).map(function (item) { return Object.assign({}, item, { id: bytes(item.id) }); });
  }

  function ask(kind, options) {
    options.challenge = bytes(options.challenge);
    if (kind === "create") {
      options.user.id = bytes(options.user.id);
      options.excludeCredentials = known(options.excludeCredentials);
      return navigator.credentials.create({ publicKey: options });
    }
    options.allowCredentials = known(options.allowCredentials);
    return navigator.credentials.get({ publicKey: options });
  }

  function told(found) {
    var response = { clientDataJSON: words(found.response.clientDataJSON) };
    ["attestationObject", "authenticatorData", "signature", "userHandle"].forEach(function (name) {
      if (found.response[name]) response[name] = words(found.response[name]);
    });
    return JSON.stringify({ id: found.id, rawId: words(found.rawId), type: found.type, response: response, clientExtensionResults: {} });
  }

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.dataset.key || form.elements.answer.value) return;
    event.preventDefault();
    var wrong = form.querySelector("[role=alert]");
    wrong.hidden = true;
    ask(form.dataset.key, JSON.parse(form.dataset.options)).then(function (found) {
      form.elements.answer.value = told(found);
      form.submit();
    }).catch(function (error) {
      wrong.textContent = "The key did not answer (" + error.name + "). Try again, or use a code.";
      wrong.hidden = false;
    });
  });
})();
