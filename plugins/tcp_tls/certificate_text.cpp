#include "certificate_text.hpp"

#include <arpa/inet.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace tcp_tls {
namespace {

constexpr size_t kLongestText = 120;

std::string contents(BIO& bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(&bio, &data);
  return {data, static_cast<size_t>(std::clamp<long>(size, 0, kLongestText))};
}

std::string printable(std::string_view raw) {
  std::string text(raw.substr(0, kLongestText));
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c < ' ' || c > '~' || c == '"'; }, '?');
  return text;
}

std::string name_text(const X509_NAME* name) {
  const OwnedBio bio(BIO_new(BIO_s_mem()));
  // RFC 2253 form escapes control characters.
  if (!bio || X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253) < 0) return "?";
  return contents(*bio);
}

std::string time_text(const ASN1_TIME* time) {
  const OwnedBio bio(BIO_new(BIO_s_mem()));
  if (!bio || ASN1_TIME_print(bio.get(), time) != 1) return "?";
  return contents(*bio);
}

std::string_view raw_text(const ASN1_STRING* string) {
  return {static_cast<const char*>(static_cast<const void*>(ASN1_STRING_get0_data(string))),
          static_cast<size_t>(ASN1_STRING_length(string))};
}

std::string entry_text(const GENERAL_NAME& entry) {
  if (entry.type == GEN_DNS) return printable(raw_text(entry.d.dNSName));
  if (entry.type != GEN_IPADD) return {};
  const ASN1_STRING* address = entry.d.iPAddress;
  const int family = ASN1_STRING_length(address) == 4    ? AF_INET
                     : ASN1_STRING_length(address) == 16 ? AF_INET6
                                                         : AF_UNSPEC;
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (::inet_ntop(family, ASN1_STRING_get0_data(address), text.data(), text.size()) == nullptr) return "?";
  return text.data();
}

/// The names a listener's certificate is for, as `"a", "b"`.
std::string subject_names(const X509* certificate) {
  const OwnedBy<GENERAL_NAMES, &GENERAL_NAMES_free> names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  std::string all;
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()) && all.size() < kLongestText; ++i) {
    const std::string one = entry_text(*sk_GENERAL_NAME_value(names.get(), i));
    if (!one.empty()) all += (all.empty() ? "\"" : ", \"") + one + "\"";
  }
  return all.empty() ? "no host name" : all;
}

std::string name_of(const X509& certificate) {
  return "certificate of " + name_text(X509_get_subject_name(&certificate)) + " ";
}

}  // namespace

std::string describe_fault(const X509& certificate, const char* what) { return name_of(certificate) + what; }

std::string describe_refusal(X509_STORE_CTX& path, const std::string& expected_name) {
  const int error = X509_STORE_CTX_get_error(&path);
  const X509* at_fault = X509_STORE_CTX_get_current_cert(&path);
  if (at_fault == nullptr) at_fault = X509_STORE_CTX_get0_cert(&path);
  const std::string whose = name_of(*at_fault);
  switch (error) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return "certificate is for " + subject_names(at_fault) + ", expected \"" + expected_name + "\"";
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return whose + "expired on " + time_text(X509_get0_notAfter(at_fault));
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return whose + "is not valid before " + time_text(X509_get0_notBefore(at_fault));
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
      return whose + "was issued by an unknown CA: " + name_text(X509_get_issuer_name(at_fault));
    case X509_V_ERR_CERT_REVOKED:
      return whose + "was revoked";
    case X509_V_ERR_INVALID_PURPOSE:
      return whose + "is not meant for this side of a connection (extended key usage)";
    case X509_V_ERR_KEYUSAGE_NO_DIGITAL_SIGNATURE:
      return whose + "does not allow digital signatures (key usage)";
    default:
      return whose + "was refused: " + X509_verify_cert_error_string(error);
  }
}

}  // namespace tcp_tls
