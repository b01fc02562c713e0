#include "crypto/certificate_request.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include "crypto/certificate.hpp"
#include "crypto/openssl.hpp"

namespace fairlead::crypto {
namespace {

using base::ErrorCode;

constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE REQUEST-----\n",
                           kEnd = "-----END CERTIFICATE REQUEST-----\n";

tl::unexpected<base::Error> refuse(const char* reason, std::string text) {
  ERR_clear_error();
  return tl::unexpected<base::Error>(base::Error{
      ErrorCode::refused, std::move(text), "make the request with `fairlead cert request`", {}, reason});
}

bool set_subject(X509_REQ* request, const std::string& name) {
  const base::Bytes text = base::to_bytes(common_name_of(name));
  return X509_NAME_add_entry_by_NID(X509_REQ_get_subject_name(request), NID_commonName, MBSTRING_UTF8,
                                    text.data(), narrow(text.size()), -1, 0) == 1;
}

OwnedExtension alternative_name(const std::string& uri) {
  const OwnedNames names(GENERAL_NAMES_new());
  if (names == nullptr || !add_name(names.get(), GEN_URI, base::as_bytes(uri))) return nullptr;
  return OwnedExtension(X509V3_EXT_i2d(NID_subject_alt_name, 0, names.get()));
}

bool set_alternative_name(X509_REQ* request, const std::string& uri) {
  const OwnedExtensions extensions(sk_X509_EXTENSION_new_null());
  OwnedExtension extension = alternative_name(uri);
  if (extension == nullptr || sk_X509_EXTENSION_push(extensions.get(), extension.get()) <= 0) return false;
  static_cast<void>(extension.release());  // now part of `extensions`
  return X509_REQ_add_extensions(request, extensions.get()) == 1;
}

const EVP_MD* signature_digest(KeyType type) noexcept {
  if (type == KeyType::ed25519) return nullptr;
  return type == KeyType::p384 ? EVP_sha384() : EVP_sha256();
}

int give_no_passphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*user*/) { return -1; }

/// One block and nothing around it, so that everybody who looks at the file sees the same request.
OwnedRequest parse(base::ByteView pem) {
  const std::string_view text = base::as_text(pem);
  if (!text.starts_with(kBegin) || text.find(kEnd) + kEnd.size() != text.size()) return nullptr;
  const OwnedBio bio = reading(pem);
  return OwnedRequest(PEM_read_bio_X509_REQ(bio.get(), nullptr, &give_no_passphrase, nullptr));
}

bool is_subject(const X509_REQ* request, const std::string& name) {
  const X509_NAME* subject = X509_REQ_get_subject_name(request);
  if (X509_NAME_entry_count(subject) != 1) return false;
  const X509_NAME_ENTRY* entry = X509_NAME_get_entry(subject, 0);
  if (OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry)) != NID_commonName) return false;
  uint8_t* utf8 = nullptr;
  const int size = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(entry));
  const OwnedMemory owner(utf8);
  return size > 0 && base::as_text({utf8, static_cast<size_t>(size)}) == common_name_of(name);
}

bool is_only_uri(X509_EXTENSION* extension, const std::string& uri) {
  const OwnedNames names(static_cast<GENERAL_NAMES*>(X509V3_EXT_d2i(extension)));
  if (names == nullptr || sk_GENERAL_NAME_num(names.get()) != 1) return false;
  int kind = -1;
  const void* value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), 0), &kind);
  if (kind != GEN_URI) return false;
  const auto* text = static_cast<const ASN1_STRING*>(value);
  return base::as_text({ASN1_STRING_get0_data(text), static_cast<size_t>(ASN1_STRING_length(text))}) == uri;
}

/// The extension request, with one value, is the only attribute we make: of several values OpenSSL reads the
/// first.
bool has_other_attributes(const X509_REQ* request) {
  const int count = X509_REQ_get_attr_count(request);
  if (count == 0) return false;
  return count > 1 || X509_REQ_get_attr_by_NID(request, NID_ext_req, -1) != 0 ||
         X509_ATTRIBUTE_count(X509_REQ_get_attr(request, 0)) != 1;
}

base::Status check_extensions(X509_REQ* request, const std::string& uri) {
  const OwnedExtensions extensions(X509_REQ_get_extensions(request));
  const int count = extensions == nullptr ? 0 : sk_X509_EXTENSION_num(extensions.get());
  bool named = false;
  for (int i = 0; i < count; ++i) {
    X509_EXTENSION* extension = sk_X509_EXTENSION_value(extensions.get(), i);
    if (named || OBJ_obj2nid(X509_EXTENSION_get_object(extension)) != NID_subject_alt_name)
      return refuse("request_asks_more", "the request asks for more than a name: an extension");
    if (!is_only_uri(extension, uri))
      return refuse("request_wrong_name", "the request asks for other alternative names than " + uri);
    named = true;
  }
  if (!named) return refuse("request_wrong_name", "the request does not say that it is for " + uri);
  return {};
}

}  // namespace

base::Result<std::string> make_certificate_request(const RequestedIdentity& who, const PrivateKey& key) {
  ERR_clear_error();
  const OwnedRequest request(X509_REQ_new());
  const OwnedBio bio(BIO_new(BIO_s_mem()));
  const bool good = request != nullptr && X509_REQ_set_version(request.get(), X509_REQ_VERSION_1) == 1 &&
                    set_subject(request.get(), who.name) && set_alternative_name(request.get(), who.uri) &&
                    X509_REQ_set_pubkey(request.get(), key.openssl()) == 1 &&
                    X509_REQ_sign(request.get(), key.openssl(), signature_digest(key.type())) > 0 &&
                    PEM_write_bio_X509_REQ(bio.get(), request.get()) == 1;
  if (!good) return openssl_failure(ErrorCode::failed, "cannot make a certificate request for " + who.name);
  return base::to_text(written(bio.get()));
}

base::Result<PublicKey> read_certificate_request(base::ByteView pem, const RequestedIdentity& expected) {
  ERR_clear_error();
  if (pem.size() > kLargestCertificateRequest)
    return refuse("request_too_large", "the request has " + std::to_string(pem.size()) +
                                           " bytes, expected at most " +
                                           std::to_string(kLargestCertificateRequest));
  const OwnedRequest request = parse(pem);
  if (request == nullptr)
    return refuse("request_malformed", "this is not one certificate request (PKCS#10) in PEM");
  auto key = PublicKey::from_openssl(X509_REQ_get0_pubkey(request.get()));
  if (!key) return refuse("request_bad_key", "the request is for a key of a type that is not allowed");
  if (X509_REQ_verify(request.get(), key->openssl()) != 1)
    return refuse("request_bad_signature",
                  "the request is not signed by its own key: nothing proves that whoever asks has the key");
  if (!is_subject(request.get(), expected.name))
    return refuse("request_wrong_name", "the request's subject is not " + common_name_of(expected.name));
  if (has_other_attributes(request.get()))
    return refuse("request_asks_more", "the request asks for more than a name: another attribute");
  FAIRLEAD_TRY(check_extensions(request.get(), expected.uri));
  ERR_clear_error();
  return std::move(*key);
}

}  // namespace fairlead::crypto
