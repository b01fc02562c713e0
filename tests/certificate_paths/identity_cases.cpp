// Who a certificate speaks for: exactly one fairlead:// URI, as exact bytes, and nothing else (N17).
#include <openssl/x509v3.h>

#include "cases.hpp"

namespace fairlead::paths {
namespace {

/// The leaf's names: `uris`, and beside them the host of a server, so that the outer TLS has nothing to say.
void name(Recipe& r, const std::string& uris) {
  const bool is_server = r.side == Side::server;
  const std::string host = std::string(uris.empty() ? "" : ",") + "DNS:" + kHost;
  r.leaf().set("subjectAltName", uris + (is_server ? host : ""));
}

/// "URI:fairlead://pie/" and the right type and name with `tail` behind it.
std::string own(const Recipe& r, const std::string& tail = {}) {
  return (r.side == Side::client ? "URI:fairlead://pie/client/site-1"
                                 : "URI:fairlead://pie/server/hub.example") +
         tail;
}

const Case kCases[] = {
    {"Good", "Leaf", [](Recipe&) {}, kAdmitted, kAdmitted},
    {"Identity", "NoNames", [](Recipe& r) { r.leaf().drop("subjectAltName"); },
     refused("wrong_identity", "certificate of CN=site-1"), kAdmitted, Presented::by_client},
    {"Identity", "NoNames", [](Recipe& r) { r.leaf().drop("subjectAltName"); },
     refused("wrong_identity", "the server's certificate is for CN=hub.example"),
     kept_out("certificate is for no host name, expected \"hub.pies.example\""), Presented::by_server},
    {"Identity", "HostNameOnly",
     [](Recipe& r) { r.leaf().set("subjectAltName", std::string("DNS:site-1,DNS:") + kHost); },
     refused("wrong_identity", "certificate"), kAdmitted},
    {"Identity", "TwoUris", [](Recipe& r) { name(r, own(r) + "," + own(r, "x")); },
     refused("wrong_identity", "certificate"), kAdmitted},
    {"Identity", "OneUriTwice", [](Recipe& r) { name(r, own(r) + "," + own(r)); },
     refused("wrong_identity", "certificate"), kAdmitted},
    {"Identity", "SecondUriInCapitals",
     [](Recipe& r) { name(r, own(r) + ",URI:FAIRLEAD://pie/client/site-2"); },
     refused("wrong_identity", "certificate"), kAdmitted},
    {"Identity", "UriInCapitals", [](Recipe& r) { name(r, "URI:FAIRLEAD://pie/client/site-1"); },
     refused("wrong_identity", "certificate"), kAdmitted},
    {"Identity", "ForeignUriBeside", [](Recipe& r) { name(r, own(r) + ",URI:https://pie.example/site-1"); },
     kAdmitted, kAdmitted},
    {"Identity", "ForeignUriOnly", [](Recipe& r) { name(r, "URI:spiffe://pie/client/site-1"); },
     refused("wrong_identity", "certificate"), kAdmitted},
    {"Identity", "MailAddressOnly", [](Recipe& r) { name(r, "email:site-1@pie.example"); },
     refused("wrong_identity", "certificate"), kAdmitted},
    {"Identity", "UriAsHostName", [](Recipe& r) { name(r, "DNS:fairlead://pie/client/site-1"); },
     refused("wrong_identity", "certificate"), kAdmitted},
    {"Identity", "UriAsMailAddress", [](Recipe& r) { name(r, "email:fairlead://pie/client/site-1"); },
     refused("wrong_identity", "certificate"), kAdmitted},
    {"Identity", "UriInCommonNameOnly",
     [](Recipe& r) {
       r.leaf().common_name = own(r).substr(4);
       name(r, "email:a@b.example");
     },
     refused("wrong_identity", "CN=fairlead://pie/"), kAdmitted},
    {"Identity", "CommonNameOfAnother", [](Recipe& r) { r.leaf().common_name = "site-2"; }, kAdmitted,
     kAdmitted},
    {"Identity", "NulInCommonName",
     [](Recipe& r) {
       r.leaf().common_name = std::string("site-1\0.evil", 12);
       name(r, own(r, "x"));
     },
     refused("wrong_identity", "CN=site-1\00.evil"), kAdmitted},
    {"Identity", "NulInUri",
     [](Recipe& r) {
       r.leaf().change = [uri = own(r).substr(4) + std::string("\0.evil", 6)](X509* x) {
         put_names(x, GEN_URI, {uri});
       };
     },
     refused("wrong_identity", "certificate of CN=site-1"), kAdmitted, Presented::by_client},
    {"Identity", "NulBehindUri",
     [](Recipe& r) {
       r.leaf().change = [uri = own(r).substr(4) + std::string("\0", 1)](X509* x) {
         put_names(x, GEN_URI, {uri});
       };
     },
     refused("wrong_identity", "certificate of CN=site-1"), kAdmitted, Presented::by_client},
    {"Identity", "LookAlikeLetter",
     [](Recipe& r) {
       r.leaf().change = [](X509* x) { put_names(x, GEN_URI, {"fairlead://pie/client/s\xD1\x96te-1"}); };
     },
     refused("wrong_identity", "certificate of CN=site-1"), kAdmitted, Presented::by_client},
    {"Identity", "TrailingDot", [](Recipe& r) { name(r, own(r, ".")); },
     refused("wrong_identity", "certificate"), kAdmitted},
    {"Identity", "TrailingSlash", [](Recipe& r) { name(r, own(r, "/")); },
     refused("wrong_identity", "certificate"), kAdmitted},
    {"Identity", "LongerName", [](Recipe& r) { name(r, own(r, "1")); },
     refused("wrong_identity", "certificate"), kAdmitted},
    {"Identity", "OtherCase",
     [](Recipe& r) {
       name(r, r.side == Side::client ? "URI:fairlead://pie/client/Site-1"
                                      : "URI:fairlead://pie/server/Hub.example");
     },
     refused("wrong_identity", "certificate"), kAdmitted},
    {"Identity", "PercentEncoded",
     [](Recipe& r) {
       name(r, r.side == Side::client ? "URI:fairlead://pie/client/site%2D1"
                                      : "URI:fairlead://pie/server/hub%2Eexample");
     },
     refused("wrong_identity", "certificate"), kAdmitted},
    {"Identity", "OtherProject",
     [](Recipe& r) {
       name(r, r.side == Side::client ? "URI:fairlead://tart/client/site-1"
                                      : "URI:fairlead://tart/server/hub.example");
     },
     refused("wrong_project", "certificate"), kAdmitted},
    {"Identity", "NoProject", [](Recipe& r) { name(r, "URI:fairlead:///client/site-1"); },
     refused("wrong_identity", "certificate"), kAdmitted},
    {"Identity", "UserBeforeProject", [](Recipe& r) { name(r, "URI:fairlead://a@pie/client/site-1"); },
     refused("wrong_identity", "certificate"), kAdmitted},
    {"Identity", "PortBehindProject", [](Recipe& r) { name(r, "URI:fairlead://pie:80/client/site-1"); },
     refused("wrong_identity", "certificate"), kAdmitted},
    {"Identity", "QueryBehindName", [](Recipe& r) { name(r, own(r, "?a=b")); },
     refused("wrong_identity", "certificate"), kAdmitted},
    {"Identity", "NoName", [](Recipe& r) { name(r, "URI:fairlead://pie/client/"); },
     refused("wrong_identity", "certificate"), kAdmitted},
    {"Identity", "UnknownType", [](Recipe& r) { name(r, "URI:fairlead://pie/relay/site-1"); },
     refused("wrong_identity", "certificate"), kAdmitted},
    {"Identity", "TokenSigner", [](Recipe& r) { name(r, "URI:fairlead://pie/token/hub.example"); },
     refused("wrong_identity", "certificate"), kAdmitted},
    {"Identity", "ServerAsClient", [](Recipe& r) { name(r, "URI:fairlead://pie/server/site-1"); },
     refused("wrong_identity", "certificate of CN=site-1"), kAdmitted, Presented::by_client},
    {"Identity", "AdministratorAsClient", [](Recipe& r) { name(r, "URI:fairlead://pie/admin/site-1"); },
     refused("wrong_identity", "certificate of CN=site-1"), kAdmitted, Presented::by_client},
    {"Identity", "ServiceAsClient", [](Recipe& r) { name(r, "URI:fairlead://pie/service/site-1"); },
     refused("wrong_identity", "certificate of CN=site-1"), kAdmitted, Presented::by_client},
    {"Identity", "ClientAsServer", [](Recipe& r) { name(r, "URI:fairlead://pie/client/hub.example"); },
     refused("wrong_identity", "the server's certificate is for CN=hub.example"), kAdmitted,
     Presented::by_server},
    {"Identity", "CriticalNames", [](Recipe& r) { r.leaf().set("subjectAltName", "critical," + r.names()); },
     kAdmitted, kAdmitted},
    {"Identity", "NoSubjectAndCriticalNames",
     [](Recipe& r) {
       r.leaf().common_name = "";
       r.leaf().set("subjectAltName", "critical," + r.names());
     },
     kAdmitted, kAdmitted},
    {"Identity", "NoSubject", [](Recipe& r) { r.leaf().common_name = ""; },
     refused("bad_chain", "Subject empty and Subject Alt Name extension not critical at depth 0"),
     kept_out("certificate of  was refused: Subject empty and Subject Alt Name extension not critical")},
    {"Identity", "NoEntryInNames", [](Recipe& r) { r.leaf().set("subjectAltName", "DER:3000"); },
     refused("bad_chain", "Empty Subject Alternative Name extension at depth 0"),
     kept_out("was refused: Empty Subject Alternative Name extension")},
    {"Identity", "NamesTwice",
     [](Recipe& r) { r.leaf().repeat("subjectAltName", "URI:fairlead://pie/client/site-2"); },
     refused("bad_chain", "unable to get local issuer certificate at depth 0"),
     kept_out("was issued by an unknown CA")},
    {"Identity", "NamesAreNoNames", [](Recipe& r) { r.leaf().set("subjectAltName", "DER:0500"); },
     refused("bad_chain", "unable to get local issuer certificate at depth 0"),
     kept_out("was issued by an unknown CA")},
};

}  // namespace

std::span<const Case> identity_cases() { return kCases; }

}  // namespace fairlead::paths
