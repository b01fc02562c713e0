#include <vector>

#include "crypto/login_tls_state.hpp"

namespace fairlead::crypto {
namespace {

using base::Refusal;

std::vector<Certificate> sent_chain(X509_STORE_CTX* store_context) {
  std::vector<Certificate> chain;
  const STACK_OF(X509)* sent = X509_STORE_CTX_get0_untrusted(store_context);
  for (int i = 0; i < sk_X509_num(sent); ++i)
    if (auto one = Certificate::from_openssl(sk_X509_value(sent, i))) chain.push_back(std::move(*one));
  return chain;
}

bool judge(PeerCheck& check, X509_STORE_CTX* store_context) {
  auto leaf = Certificate::from_openssl(X509_STORE_CTX_get0_cert(store_context));
  if (!leaf) {
    check.refusal = Refusal::bad_chain;
    return false;
  }
  auto verdict = verify_path(check.anchor, *leaf, sent_chain(store_context), check.purpose,
                             check.clock->wall(), &check.detail);
  if (verdict)
    check.path = std::move(*verdict);
  else
    check.refusal = verdict.error();
  return verdict.has_value();
}

bool judge_delegate(PeerCheck& check, X509_STORE_CTX* store_context) {
  X509* shown = X509_STORE_CTX_get0_cert(store_context);
  auto leaf = Certificate::from_openssl(shown);
  const bool alone = sent_chain(store_context).size() == 1;
  if (!alone || !leaf || !leaf->public_key() || X509_self_signed(shown, 1) != 1) {
    check.refusal = Refusal::bad_chain;
    check.detail = "a delegate shows one certificate that its own key signed";
    return false;
  }
  check.path = {std::move(*leaf)};
  return true;
}

template <class Judge>
int answer(X509_STORE_CTX* store_context, Judge judge_it) {
  const int index = SSL_get_ex_data_X509_STORE_CTX_idx();
  const auto* ssl = static_cast<const SSL*>(X509_STORE_CTX_get_ex_data(store_context, index));
  const bool good = judge_it(*static_cast<PeerCheck*>(SSL_get_app_data(ssl)), store_context);
  // One error for every reason: it becomes the alert bad_certificate, which tells the peer nothing more.
  X509_STORE_CTX_set_error(store_context, good ? X509_V_OK : X509_V_ERR_CERT_REJECTED);
  return good ? 1 : 0;
}

}  // namespace

int check_login_peer(X509_STORE_CTX* store_context, void*) { return answer(store_context, &judge); }
int check_delegate(X509_STORE_CTX* store_context, void*) { return answer(store_context, &judge_delegate); }

}  // namespace fairlead::crypto
